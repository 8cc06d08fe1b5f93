/** Migrated programs run on the TensorFlow backend: they train two steps, save to `file://` and load the model. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, extname, join, resolve } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { migrateText } from '../../../../src/codemods/engine.js';
import { TENSORFLOW_FILES } from '../../../runtime/tensorflow/describe-with-tensorflow.js';
import { defined } from '../../../support/defined.js';
import { javaScriptFixtures } from '../../../support/javascript-fixtures.js';

const root = resolve(import.meta.dirname, '../../../..');
const programs = javaScriptFixtures('tfjs-node').filter(({ report }) =>
  report.description.includes('The test runs the output.'),
);
let folder = '';

/** A project with mirrorscope and TensorFlow.js in its node_modules, and without tfjs-node. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mirrorscope-swap-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/mirrorscope'));
  symlinkSync(join(root, 'node_modules/@tensorflow'), join(folder, 'node_modules/@tensorflow'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

// Runs the built package, in a folder outside of it, with the library that this test has found.
describe.skipIf(TENSORFLOW_FILES === undefined || !existsSync(join(root, 'dist/runtime/node/index.js')))(
  'a migrated program',
  () => {
    it('is covered by several programs', () => {
      expect(programs.length).toBeGreaterThanOrEqual(5);
    });

    it.each(programs)('$name', async ({ name, fileName, input }) => {
      const { output } = await migrateText(fileName, input, { only: ['tfjs-node'] });
      const file = join(folder, `${name}${extname(fileName)}`);
      writeFileSync(file, defined(output));
      const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
        cwd: folder,
        encoding: 'utf8',
        env: { ...process.env, MIRRORSCOPE_LIBTENSORFLOW: dirname(defined(TENSORFLOW_FILES?.paths.at(-1))) },
      });
      expect(status, stderr).toBe(0);
      expect(JSON.parse(defined(stdout.split('\n').find((line) => line.startsWith('{'))))).toEqual({
        steps: 2,
        isFinite: true,
        distance: 0,
      });
    });
  },
);
