/** What each entry point of the package may load. Runs against the built package. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const PARSERS = [
  ...['@typescript-eslint/', 'typescript/lib', 'jscodeshift', 'web-tree-sitter', 'magic-string'].map(
    (name) => `node_modules/${name}`,
  ),
  ...['typescript', 'tree-sitter', 'web-tree-sitter', 'magic-string'].map((name) => `dist/vendor/${name}`),
];
const TENSORFLOW = ['node_modules/@tensorflow/', 'node_modules/koffi'];

/** Prints the URL of every ES module as it is loaded. */
const LOADER = `
  export async function load(url, context, nextLoad) {
    process._rawDebug('LOADED ' + url);
    return nextLoad(url, context);
  }`;

const REGISTER = `
  import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(LOADER)}));`;

/** Paths of every module, ESM or CommonJS, that a fresh process loads for `import(specifier)`. */
function loadedBy(specifier: string): string[] {
  const script = `
    import { createRequire } from 'node:module';
    await import(${JSON.stringify(specifier)});
    for (const name of Object.keys(createRequire(process.cwd() + '/').cache)) console.error('LOADED ' + name);`;
  const result = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(REGISTER)}`, '--input-type=module', '--eval', script],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 },
  );
  if (result.status !== 0) throw new Error(result.stderr);
  return result.stderr.split('\n').flatMap((line) => (line.startsWith('LOADED ') ? [line.slice(7)] : []));
}

function loadedFrom(files: readonly string[], needles: readonly string[]): string[] {
  return files.filter((file) => needles.some((needle) => file.replaceAll('\\', '/').includes(needle)));
}

describe('package entry points', () => {
  it('sees packages and bundled packages, so that the tests below can fail', () => {
    expect(loadedFrom(loadedBy('@typescript-eslint/parser'), PARSERS)).not.toEqual([]);
    expect(loadedFrom(loadedBy('./dist/codemods/edits/apply-edits.js'), PARSERS)).not.toEqual([]);
  });

  it('loads no parser for the runtime', () => {
    expect(loadedFrom(loadedBy('mirrorscope'), PARSERS)).toEqual([]);
  });

  it('loads no TensorFlow for the ESLint plugin', () => {
    expect(loadedFrom(loadedBy('mirrorscope/eslint'), TENSORFLOW)).toEqual([]);
  });

  it('can be required from CommonJS', () => {
    const require = createRequire(path.join(root, 'test', 'consumer.cjs'));
    expect(typeof require('mirrorscope')).toBe('object');
  });
});
