/** A migration that runs only when an option or the configuration names it: its reports, and standard input. */
import { describe, expect, it } from 'vitest';

import { temporaryTree, treeContents } from '../scan/temporary-tree.js';
import { textContaining } from '../support/matchers.js';

import { mirrorscope } from './command.js';
import { parseList, parseReport, parseSarifRun } from './json-output.js';

const SOURCE = "import * as tf from '@tensorflow/tfjs-node';\n\nexport const one = tf.scalar(1);\n";
const SWAPPED = SOURCE.replace('@tensorflow/tfjs-node', 'mirrorscope/node');
const ONLY = ['--only', 'tfjs-node'];

describe('an opt-in migration', () => {
  it('runs only when it is named', () => {
    const root = temporaryTree({ 'a.js': SOURCE });
    expect(mirrorscope(root, ['check'])).toMatchObject({
      code: 0,
      stdout: textContaining('Nothing to migrate.'),
    });
    expect(mirrorscope(root, ['migrate', '--write', '--only', 'tfjs-legacy,multi-gpu-model']).code).toBe(0);
    expect(treeContents(root)).toEqual({ 'a.js': SOURCE });
  });

  it('runs when an option names it, and lists what is left to do in package.json', () => {
    const root = temporaryTree({ 'a.js': SOURCE, 'b.cjs': "require('@tensorflow/tfjs-node/package.json');\n" });
    const { code, stdout } = mirrorscope(root, ['migrate', '--write', ...ONLY]);
    expect(code).toBe(1);
    expect(stdout).toContain('b.cjs\n');
    expect(stdout).toMatch(/Rewrote 1 place in 1 file\.\nRefused 1 place: 1 no-replacement\./);
    expect(stdout).toMatch(/\nNext: mirrorscope\/node needs mirrorscope and @tensorflow\/tfjs in the dependencies/);
    expect(treeContents(root)['a.js']).toBe(SWAPPED);
    expect(mirrorscope(root, ['migrate', '--write', ...ONLY]).stdout).not.toContain('Next:');
  });

  it('runs when the configuration names it', () => {
    const root = temporaryTree({ 'a.js': SOURCE, 'mirrorscope.config.json': '{ "only": ["tfjs-node"] }' });
    expect(mirrorscope(root, ['migrate', '--write']).code).toBe(0);
    expect(treeContents(root)['a.js']).toBe(SWAPPED);
  });

  it('appears in every report', () => {
    const root = temporaryTree({ 'a.js': SOURCE });
    const json = parseReport(mirrorscope(root, ['check', ...ONLY, '--format', 'json']).stdout);
    expect(json.files[0]?.findings).toMatchObject([
      { migration: 'tfjs-node', api: '@tensorflow/tfjs-node', disposition: 'rewrite' },
    ]);
    expect(json.followUps).toEqual([textContaining('package.json')]);
    const run = parseSarifRun(mirrorscope(root, ['check', ...ONLY, '--format', 'sarif']).stdout);
    expect(run.results).toMatchObject([{ ruleId: 'tfjs-node' }]);
    expect(run.invocations[0]?.toolExecutionNotifications).toMatchObject([
      { level: 'note', descriptor: { id: 'FOLLOW_UP' } },
    ]);
    expect(mirrorscope(root, ['check', ...ONLY, '--format', 'github']).stdout).toMatch(
      /^::warning file=a\.js,line=1,.*title=mirrorscope tfjs-node/,
    );
  });

  it('migrates a text from standard input', () => {
    const words = ['migrate', '--stdin', '--stdin-filename', 'x.ts', ...ONLY];
    expect(mirrorscope('.', words, { input: `\uFEFF${SOURCE}` })).toEqual({
      code: 0,
      stdout: `\uFEFF${SWAPPED}`,
      stderr: '',
    });
  });

  it('is labelled by list', () => {
    expect(mirrorscope('.', ['list']).stdout).toMatch(/ {2}tfjs-node .* Runs only when named\.\n/);
    const { migrations } = parseList(mirrorscope('.', ['list', '--format', 'json']).stdout);
    expect(migrations.filter(({ optIn }) => optIn).map(({ name }) => name)).toEqual(['tfjs-node']);
  });
});
