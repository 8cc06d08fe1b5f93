import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { temporaryTree, treeContents } from '../scan/temporary-tree.js';

import { mirrorscope } from './command.js';
import { parseReport } from './json-output.js';

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
  it('is migrated in both files, for any number of threads; a second run finds nothing', () => {
    const root = temporaryTree({ 'model.ts': `\uFEFF${MODEL}`, 'wrap.ts': WRAP });
    const preview = mirrorscope(root, ['migrate', '--format', 'json', '--diff']);
    expect(parseReport(preview.stdout).files.map((file) => [file.path, file.status])).toEqual([
      ['model.ts', 'changed'],
      ['wrap.ts', 'changed'],
    ]);
    expect(mirrorscope(root, ['migrate', '--format', 'json', '--diff', '--threads', '2'])).toEqual(preview);
    const patch = mirrorscope(root, ['migrate', '--diff']).stdout;
    execFileSync('git', ['init', '-q', root]);
    execFileSync('git', ['apply', '--check', '-'], { cwd: root, input: patch });
    expect(mirrorscope(root, ['migrate', '--write', '--allow-dirty'])).toMatchObject({ code: 0, stderr: '' });
    const after = treeContents(root);
    expect(Buffer.from(after['model.ts'] ?? '', 'latin1').toString('utf8')).toMatch(
      /^\uFEFFimport [\s\S]*strategy\.scope\(/,
    );
    expect(after['wrap.ts']).toContain('strategy.scope(() => model.compile(');
    expect(mirrorscope(root, ['check']).code).toBe(0);
  });

  it('is left unchanged in both files when one of them is not committed', () => {
    const root = temporaryTree({ 'model.ts': MODEL, 'wrap.ts': WRAP });
    const git = (...words: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], { cwd: root });
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

describe('a barrel that renames the function', () => {
  const use = (load: string, name: string): string =>
    `${load}\nconst model = ${name}(createModel(), 2);\nmodel.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });\n`;
  const FILES = {
    'src/compat/index.ts': `export { multiGpuModel as spread } from 'keras';\nexport { multiGpuModel as default } from 'keras';\n`,
    'src/again.ts': `export { spread as over } from './compat';\n`,
    'src/a.ts': use(`import { spread } from './compat';`, 'spread'),
    'src/b.ts': use(`import { over } from './again';`, 'over'),
    'src/c.ts': use(`import whatever from './compat';`, 'whatever'),
    'src/d.ts': use(`import { spread } from './other';`, 'spread'),
    'src/other.ts': 'export const spread = (model, count) => [model, count];\n',
  };

  it('is resolved in the files that import from it', () => {
    const root = temporaryTree(FILES);
    const report = parseReport(mirrorscope(root, ['migrate', '--format', 'json']).stdout);
    expect(report.files.map(({ path: name, status }) => `${name} ${status}`)).toEqual([
      'src/a.ts changed',
      'src/again.ts unchanged',
      'src/b.ts changed',
      'src/c.ts changed',
      'src/compat/index.ts unchanged',
    ]);
    expect(mirrorscope(root, ['migrate', '--format', 'json', '--threads', '2']).stdout).toBe(
      mirrorscope(root, ['migrate', '--format', 'json', '--threads', '1']).stdout,
    );
    mirrorscope(root, ['migrate', '--write']);
    const after = treeContents(root);
    for (const name of ['a', 'b', 'c']) {
      expect(after[`src/${name}.ts`]).toMatch(
        /^import \{ MirroredStrategy \} from 'mirrorscope';\nconst strategy = [\s\S]*strategy\.scope\(/,
      );
    }
    expect(after['src/d.ts']).toBe(FILES['src/d.ts']);
  });

  it('is not searched for when the migration does not run', () => {
    const { stdout } = mirrorscope(temporaryTree(FILES), ['check', '--only', 'tfjs-legacy']);
    expect(stdout).toContain('Scanned 7 files, parsed 0.');
  });
});
