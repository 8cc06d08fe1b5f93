import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryTree, treeContents } from '../scan/temporary-tree.js';
import { mirrorscope } from './command.js';

const MODEL = `import * as tf from '@tensorflow/tfjs';
export const model = tf.sequential();
model.add(tf.layers.dense({ units: 1, inputShape: [2] }));
`;

const WRAP = `import { multiGpuModel } from 'keras';
import { model } from './model';
const parallel = multiGpuModel(model, 2);
parallel.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });
export const train = (x, y) => parallel.fit(x, y);
`;

describe('a model that is built in one file and wrapped in another', () => {
  it('is migrated in both files, for any number of threads, and then is done', () => {
    const root = temporaryTree({ 'model.ts': `\uFEFF${MODEL}`, 'wrap.ts': WRAP });
    const preview = mirrorscope(root, ['migrate', '--format', 'json', '--diff']);
    expect(JSON.parse(preview.stdout).files.map((file: { path: string; status: string }) => [file.path, file.status])).toEqual([
      ['model.ts', 'changed'],
      ['wrap.ts', 'changed'],
    ]);
    expect(mirrorscope(root, ['migrate', '--format', 'json', '--diff', '--threads', '2'])).toEqual(preview);
    const patch = mirrorscope(root, ['migrate', '--diff']).stdout;
    execFileSync('git', ['init', '-q', root]);
    execFileSync('git', ['apply', '--check', '-'], { cwd: root, input: patch });
    expect(mirrorscope(root, ['migrate', '--write', '--allow-dirty'])).toMatchObject({ code: 0, stderr: '' });
    const after = treeContents(root);
    expect(Buffer.from(after['model.ts'] ?? '', 'latin1').toString('utf8')).toMatch(/^\uFEFFimport [\s\S]*strategy\.scope\(/);
    expect(after['wrap.ts']).toContain('strategy.scope(() => model.compile(');
    expect(mirrorscope(root, ['check']).code).toBe(0);
  });

  it('is left in both files where one of them is not committed', () => {
    const root = temporaryTree({ 'model.ts': MODEL, 'wrap.ts': WRAP });
    const git = (...words: string[]) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], { cwd: root });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'start');
    writeFileSync(path.join(root, 'model.ts'), `${MODEL}// edited\n`);
    const before = treeContents(root);
    const { code, stderr } = mirrorscope(root, ['migrate', '--write', 'wrap.ts']);
    expect(code).toBe(2);
    expect(stderr).toContain('  model.ts\n');
    expect(treeContents(root)).toEqual(before);
  });
});
