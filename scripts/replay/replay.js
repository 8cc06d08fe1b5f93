/**
 * `npm run replay [-- --minutes N] [package…]`: runs every migration on every JavaScript and TypeScript file of
 * installed packages. Writes nothing. Fails when a migration crashes, changes a file that imports no legacy module, or
 * writes what does not parse. Needs dist/.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { filesBelow } from './files-below.js';
import { replayFile } from './replay-file.js';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const SOURCE = /\.(?:[cm]?js|jsx|[cm]?ts|tsx)$/;

/**
 * Packages of every kind: ES modules and CommonJS, TypeScript and its output, bundled and minified, and TensorFlow.js
 * itself.
 */
const PACKAGES = [
  '@tensorflow/tfjs-converter',
  '@tensorflow/tfjs-data',
  '@tensorflow/tfjs-layers',
  '@tensorflow/tfjs',
  '@typescript-eslint/typescript-estree',
  'ajv',
  'chalk',
  'eslint',
  'fast-check',
  'jscodeshift',
  'magic-string',
  'recast',
  'semver',
  'yargs',
  'zod',
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: 'string', default: '20' } },
});

const deadline = performance.now() + Number(values.minutes) * 60_000;
const started = performance.now();
const total = { files: 0, bytes: 0, unparsable: 0, imports: 0, findings: 0, changed: 0, violations: 0 };

for (const name of positionals.length > 0 ? positionals : PACKAGES) {
  const before = { ...total };
  for (const file of filesBelow(path.join(ROOT, 'node_modules', name), SOURCE)) {
    if (performance.now() > deadline) throw new Error(`The replay did not end within ${values.minutes} minutes.`);
    const text = readFileSync(file, 'utf8');
    const outcome = await replayFile(path.relative(ROOT, file).split(path.sep).join('/'), text);
    total.files += 1;
    total.bytes += text.length;
    total.unparsable += outcome.isUnparsable ? 1 : 0;
    total.imports += outcome.importsLegacyModule ? 1 : 0;
    total.findings += outcome.findings;
    total.changed += outcome.isChanged ? 1 : 0;
    total.violations += outcome.violations.length;
    for (const violation of outcome.violations) console.log(`  ${path.relative(ROOT, file)}: ${violation}`);
  }
  const files = total.files - before.files;
  if (files === 0) throw new Error(`${name} has no source files: is it installed?`);
  console.log(
    `${name}: ${files} files, ${total.findings - before.findings} findings, ${total.changed - before.changed} changed`,
  );
}

const seconds = (performance.now() - started) / 1000;
console.log(
  `\n${total.files} files, ${(total.bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(0)} s: ${total.unparsable} do not parse, ` +
    `${total.imports} import a legacy module, ${total.findings} findings, ${total.changed} changed, ${total.violations} violations`,
);
if (total.violations > 0) process.exitCode = 1;
