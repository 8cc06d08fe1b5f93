/**
 * `node scripts/semantics/advised.js [NAME...]`: trains the programs of fixtures/python that follow the advice of a
 * refusal (`advised.py`), after their migration, on two logical devices. Fails when one does not train. Part of
 * `npm run test:semantics`. Needs dist/ and .venv.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { migrateText } from '../../dist/codemods/engine.js';
import { runScripts } from '../../dist/verify/run-scripts.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const FIXTURES = path.join(ROOT, 'fixtures/python');
const PYTHON = process.env.MIRRORSCOPE_PYTHON ?? path.join(ROOT, '.venv/bin/python');
const STEPS = 10;
const TIMEOUT_MS = 840_000;

const asked = process.argv.slice(2);
const names = readdirSync(FIXTURES)
  .filter((name) => existsSync(path.join(FIXTURES, name, 'advised.py')))
  .filter((name) => asked.length === 0 || asked.includes(name));
const folder = mkdtempSync(path.join(tmpdir(), 'mirrorscope-advised-'));
try {
  const scripts = [];
  for (const name of names) {
    const text = readFileSync(path.join(FIXTURES, name, 'advised.py'), 'utf8');
    const { output } = await migrateText('train.py', text, { root: folder });
    const root = path.join(folder, name);
    mkdirSync(root);
    writeFileSync(path.join(root, 'train.py'), output ?? text);
    scripts.push({ path: path.join(root, 'train.py'), root });
  }
  const runs = await runScripts({
    python: PYTHON,
    side: 'after',
    scripts,
    devices: 2,
    steps: STEPS,
    timeout: TIMEOUT_MS,
  });
  let failures = 0;
  runs.forEach((run, index) => {
    const trains = (run.outcome === 'finished' || run.outcome === 'stopped') && run.records.length > 0;
    if (!trains) failures++;
    console.log(`${names[index]}: ${trains ? 'trains' : (run.error?.traceback ?? run.outcome)}`);
  });
  console.log(`${names.length} advised programs, ${failures} do not train`);
  process.exitCode = failures > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
