// npm run replay:python: every Python migration over every .py file of the installed packages. Nothing is written.
// Ends with exit code 1 when a migration crashes, changes a file without a live use of ours, or writes what the
// installed python3 does not compile.
//   node scripts/replay-python.js [--minutes N] [folder…]
// A folder given is replayed as a project: figures of its places, no compile of files that did not compile before.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const { migrateText } = await import('../dist/codemods/engine.js');
const { createSourceFiles } = await import('../dist/scan/source-files.js');

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '20' } },
});
const PYTHON = process.env.MIRRORSCOPE_PYTHON ?? path.join(ROOT, '.venv/bin/python');
const NEEDLE = /multi_gpu_model|_generator\b|\blr\s*=|\.lr\b|experimental|contrib|keras/;
const COMPILE =
  'import sys\nfor path in sys.argv[1:]:\n  try: compile(open(path, "rb").read(), path, "exec")\n  except Exception as error: print(path, error)\n';

function* pythonFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* pythonFiles(file);
    else if (entry.isFile() && /\.(py|ipynb)$/.test(entry.name)) yield file;
  }
}

function sitePackages() {
  const library = path.join(path.dirname(path.dirname(PYTHON)), 'lib');
  const version = existsSync(library) ? readdirSync(library).find((name) => name.startsWith('python3')) : undefined;
  if (version === undefined) throw new Error('There is no .venv beside package.json: run npm run setup.');
  const folder = path.join(library, version, 'site-packages');
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !/dist-info|__pycache__/.test(entry.name))
    .map((entry) => path.join(folder, entry.name));
}

const deadline = performance.now() + Number(values.minutes) * 60_000;
const projects = positionals.length > 0;
const folders = projects ? positionals.map((folder) => path.resolve(folder)) : sitePackages();
const scratch = mkdtempSync(path.join(tmpdir(), 'mirrorscope-replay-'));
const total = { packages: 0, files: 0, looked: 0, changed: 0, violations: 0 };
const places = new Map();
const written = [];

for (const folder of folders) {
  const files = createSourceFiles();
  let any = false;
  for (const file of pythonFiles(folder)) {
    if (performance.now() > deadline) throw new Error(`The replay did not end within ${values.minutes} minutes.`);
    let text;
    try {
      text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(file));
    } catch {
      continue;
    }
    any = true;
    total.files++;
    if (NEEDLE.test(text)) total.looked++;
    const name = path.relative(folder, file).split(path.sep).join('/');
    const result = await migrateText(name, text, { root: folder, files });
    if (result.status === 'failed' && result.error.code !== 'SYNTAX')
      violation(file, `${result.error.code}: ${result.error.message}`);
    for (const { migration, disposition, reason } of result.findings) {
      const kind = `${migration}: ${disposition}${reason === undefined ? '' : ` (${reason})`}`;
      places.set(kind, (places.get(kind) ?? 0) + 1);
    }
    if (result.output === undefined) continue;
    total.changed++;
    if (!/\b(keras|tensorflow|tf)\b/.test(text)) violation(file, 'changed without an import of ours');
    if (!file.endsWith('.py')) continue;
    const [before, after] = ['before', 'after'].map((side) => path.join(scratch, `${written.length}-${side}.py`));
    writeFileSync(before, text);
    writeFileSync(after, result.output);
    written.push({ file, before, after });
  }
  if (any) total.packages++;
}

const compiled = new Set();
for (let start = 0; start < written.length; start += 200) {
  const part = written.slice(start, start + 200).flatMap(({ before, after }) => [before, after]);
  const { stdout, error } = spawnSync(PYTHON, ['-c', COMPILE, ...part], { encoding: 'utf8' });
  if (error !== undefined) throw error;
  for (const line of stdout.split('\n')) if (line !== '') compiled.add(line.split(' ')[0]);
}
for (const { file, before, after } of written) {
  if (compiled.has(after) && !compiled.has(before)) violation(file, 'the output does not compile');
}
rmSync(scratch, { recursive: true, force: true });

function violation(file, what) {
  total.violations++;
  console.log(`  ${file}: ${what}`);
}

console.log(
  `${total.packages} ${projects ? 'projects' : 'packages'}, ${total.files} files, ${total.looked} looked into, ${total.changed} would change, ${total.violations} violations`,
);
for (const [kind, count] of [...places].sort()) console.log(`  ${String(count).padStart(6)}  ${kind}`);
process.exitCode = total.violations > 0 ? 1 : 0;
