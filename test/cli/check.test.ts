import { readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { temporaryTree, treeContents } from '../scan/temporary-tree.js';

import { mirrorscope } from './command.js';
import { parseReport, parseSarifRun } from './json-output.js';
import { LEGACY, REPORTED, UNRELATED } from './legacy-sources.js';

describe('check', () => {
  it('lists every finding, writes nothing, and fails while anything is left', () => {
    const root = temporaryTree({ 'a.js': LEGACY, 'b.ts': REPORTED, 'c.js': UNRELATED });
    const before = treeContents(root);
    const { code, stdout, stderr } = mirrorscope(root, ['check']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(
      /^a\.js\n {3}3:16 {2}to rewrite .+\n\nb\.ts\n {3}2:22 {2}reported .+\n\nWould rewrite 1 place in 1 file\.\n/,
    );
    expect(mirrorscope(root, ['migrate', '--check'])).toEqual({ code, stdout, stderr });
    expect(treeContents(root)).toEqual(before);
  });

  it('passes when nothing is left', () => {
    expect(mirrorscope(temporaryTree({ 'c.js': UNRELATED }), ['check']).code).toBe(0);
  });

  it('writes its report to a file', () => {
    const root = temporaryTree({ 'a.js': LEGACY });
    expect(mirrorscope(root, ['check', '--format', 'sarif', '--output', 'out.sarif'])).toEqual({
      code: 1,
      stdout: '',
      stderr: '',
    });
    const run = parseSarifRun(readFileSync(path.join(root, 'out.sarif'), 'utf8'));
    expect(run.results[0]).toMatchObject({ ruleId: 'tfjs-legacy', level: 'warning' });
    expect(run.tool.driver.rules[0]?.shortDescription.text).toMatch(/TensorFlow\.js/);
    expect(mirrorscope(root, ['check', '--output', 'no/such/folder']).code).toBe(2);
  });

  it('annotates with paths from the top of the checkout', () => {
    const root = temporaryTree({ 'packages/app/a.js': LEGACY });
    const { stdout } = mirrorscope(path.join(root, 'packages/app'), ['check', '--format', 'github'], {
      environment: { GITHUB_WORKSPACE: root },
    });
    expect(stdout).toMatch(/^::warning file=packages\/app\/a\.js,line=3,/);
  });
});

describe('worker threads', () => {
  it('give the same output in the same order, for any number of threads', () => {
    const files: Record<string, string> = {};
    for (let index = 0; index < 40; index++) {
      // Files of these sizes finish out of order when they start together.
      files[`f${index}.js`] = (index % 3 === 0 ? REPORTED : LEGACY) + '// filler\n'.repeat(((index * 7919) % 13) * 300);
    }
    files['broken.js'] = `${LEGACY}(`;
    const root = temporaryTree(files);
    const runs = ['1', '2', '5'].map((threads) =>
      mirrorscope(root, ['migrate', '--format', 'json', '--diff', '--threads', threads]),
    );
    expect(runs[0]?.code).toBe(1);
    expect(parseReport(runs[0]?.stdout ?? '').files).toHaveLength(41);
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
  });
});
