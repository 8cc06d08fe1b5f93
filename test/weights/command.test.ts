/** `mirrorscope convert-weights` as a user runs it, on the built executable. */
import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { mirrorscope } from '../cli/command.js';
import { temporaryTree } from '../scan/temporary-tree.js';

function folder(): string {
  const root = temporaryTree({ 'notes.txt': 'no weights' });
  copyFileSync(path.join(import.meta.dirname, 'half-precision.h5'), path.join(root, 'old.h5'));
  return root;
}

describe('convert-weights', () => {
  it('writes the file and describes its content', () => {
    const root = folder();
    const { code, stdout, stderr } = mirrorscope(root, ['convert-weights', 'old.h5', 'new.h5']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Wrote new\.h5: the 2 weights of model_1 in 1 layer\.\nNote: .*--like\.\n$/);
    expect(existsSync(path.join(root, 'new.h5'))).toBe(true);
  });

  it('converts in both directions, and prints JSON for programs', () => {
    const root = folder();
    mirrorscope(root, ['convert-weights', 'old.h5', 'new.h5']);
    const { stdout } = mirrorscope(root, [
      'convert-weights',
      'new.h5',
      'back.h5',
      '--nested',
      '--template',
      'model_7',
      '--format',
      'json',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      output: 'back.h5',
      to: 'nested',
      template: 'model_7',
      weights: 2,
    });
  });

  it.each([
    [['old.h5'], 'USAGE'],
    [['old.h5', 'a.h5', 'b.h5'], 'USAGE'],
    [['old.h5', 'old.h5', '--force'], 'USAGE'],
    [['old.h5', 'a.h5', '--flat', '--nested'], 'USAGE'],
    [['notes.txt', 'a.h5'], 'NOT_HDF5'],
    [['none.h5', 'a.h5'], 'FILE_ACCESS'],
    [['old.h5', 'a.h5', '--template', 'other'], 'WEIGHTS_LAYOUT'],
  ])('refuses %j with %s', (words, errorCode) => {
    const root = folder();
    const { code, stdout, stderr } = mirrorscope(root, ['convert-weights', ...words]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`(${errorCode})`);
    expect(existsSync(path.join(root, 'a.h5'))).toBe(false);
  });
});
