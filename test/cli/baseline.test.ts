import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { addFiles, temporaryTree, treeContents } from '../scan/temporary-tree.js';

import { mirrorscope } from './command.js';
import { parseReport } from './json-output.js';
import { LEGACY, MIGRATED, REPORTED } from './legacy-sources.js';

const REFUSED = 'from keras.utils import multi_gpu_model\ndef g(f):\n    return multi_gpu_model(f(), 2)\n';
const BASELINE = 'mirrorscope-baseline.json';

describe('a baseline', () => {
  it('keeps a check green until there is a new finding, also when lines move', () => {
    const root = temporaryTree({ 'a.js': REPORTED, 'pkg/b.py': REFUSED });
    expect(mirrorscope(root, ['check']).code).toBe(1);
    expect(mirrorscope(root, ['check', '--update-baseline']).code).toBe(0);
    const again = mirrorscope(root, ['check', '--baseline', BASELINE]);
    expect(again.code).toBe(0);
    expect(again.stderr).toMatch(/left out \d findings of the baseline mirrorscope-baseline\.json/);

    addFiles(root, {
      'a.js': `// A new first line.\n\n${REPORTED}`,
      'pkg/b.py': `import os\n${REFUSED.replaceAll('    ', '        ')}`,
    });
    expect(mirrorscope(root, ['check', '--baseline', BASELINE]).code).toBe(0);

    addFiles(root, { 'c.js': REPORTED });
    const { code, stdout } = mirrorscope(root, ['check', '--baseline', BASELINE, '--format', 'json']);
    expect(code).toBe(1);
    expect(
      parseReport(stdout)
        .files.filter(({ findings }) => findings.length > 0)
        .map(({ path: name }) => name),
    ).toEqual(['c.js']);
  });

  it('does not accept a comment that leaves nothing out', () => {
    const root = temporaryTree({ 'a.py': 'x = 1  # mirrorscope: ignore[model-not-in-view]\n', 'b.js': REPORTED });
    expect(mirrorscope(root, ['check', '--update-baseline']).code).toBe(1);
    const { files } = JSON.parse(treeContents(root)[BASELINE] ?? '') as { readonly files: object };
    expect(Object.keys(files)).toEqual(['b.js']);
  });

  it('counts: a second finding like an accepted one is new', () => {
    const root = temporaryTree({ 'a.js': REPORTED });
    mirrorscope(root, ['check', '--update-baseline']);
    const [call = ''] = REPORTED.split('\n').filter((line) => line.includes('tf.load'));
    addFiles(root, { 'a.js': `${REPORTED}{\n  ${call.replace('export const model', 'const model')}\n}\n` });
    expect(mirrorscope(root, ['check', '--baseline', BASELINE]).code).toBe(1);
    addFiles(root, { 'a.js': `${REPORTED}{\n  ${call.replace('export ', '')}\n}\n${call}\n` });
    expect(mirrorscope(root, ['check', '--baseline', BASELINE]).code).toBe(1);
  });

  it('never accepts what can be migrated', () => {
    const root = temporaryTree({ 'a.js': LEGACY, 'b.js': REPORTED });
    expect(mirrorscope(root, ['check', '--update-baseline']).code).toBe(1);
    expect(mirrorscope(root, ['migrate', '--write', '--baseline', BASELINE]).code).toBe(0);
    expect(treeContents(root)['a.js']).toBe(MIGRATED);
  });

  it('holds in a file that is migrated besides', () => {
    const root = temporaryTree({ 'a.js': LEGACY + REPORTED.replace(/^import.*\n/, '') });
    mirrorscope(root, ['check', '--update-baseline']);
    expect(mirrorscope(root, ['migrate', '--write', '--baseline', BASELINE]).code).toBe(0);
    expect(mirrorscope(root, ['check', '--baseline', BASELINE]).code).toBe(0);
  });

  it('names entries that are no longer found, and an update removes them and keeps those of other folders', () => {
    const root = temporaryTree({ 'a/a.js': REPORTED, 'b/b.js': REPORTED });
    mirrorscope(root, ['check', '--update-baseline']);
    addFiles(root, { 'a/a.js': LEGACY });
    addFiles(root, { 'a/a.js': `${MIGRATED}export const m = tf.loadFrozenModel('other', 'x');\n` });
    expect(mirrorscope(root, ['check', '--baseline', BASELINE]).stderr).toContain('no longer found');
    expect(mirrorscope(root, ['check', '--update-baseline', '--baseline', BASELINE, 'a']).code).toBe(0);
    expect(readFileSync(path.join(root, BASELINE), 'utf8')).toContain("'other'");
    expect(mirrorscope(root, ['check', '--baseline', BASELINE]).code).toBe(0);
    rmSync(path.join(root, 'b/b.js'));
    mirrorscope(root, ['check', '--update-baseline', '--baseline', BASELINE]);
    expect(mirrorscope(root, ['check', '--baseline', BASELINE]).code).toBe(0);
  });

  it('can be named in the configuration, whose folder its paths belong to', () => {
    const root = temporaryTree({
      'mirrorscope.config.json': JSON.stringify({ baseline: 'ci/accepted.json' }),
      'ci/.keep': '',
      'src/a.js': REPORTED,
    });
    expect(mirrorscope(path.join(root, 'src'), ['check', '--update-baseline']).code).toBe(0);
    expect(Object.keys(treeContents(root))).toContain('ci/accepted.json');
    expect(mirrorscope(root, ['check']).code).toBe(0);
    expect(mirrorscope(path.join(root, 'src'), ['check', '.']).code).toBe(0);
  });

  it('must exist and be one', () => {
    const root = temporaryTree({ 'a.js': REPORTED, 'bad.json': '{"version": 1, "files": {"a.js": [{}]}}' });
    for (const name of ['missing.json', 'bad.json', 'a.js']) {
      const { code, stderr } = mirrorscope(root, ['check', '--baseline', name]);
      expect(code).toBe(2);
      expect(stderr).toContain('--update-baseline');
    }
    writeFileSync(path.join(root, BASELINE), '[]');
    expect(mirrorscope(root, ['check', '--stdin', '--stdin-filename', 'a.js', '--baseline', BASELINE]).code).toBe(2);
  });
});
