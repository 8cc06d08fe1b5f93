/** Loading models whose weights are not what the model.json says, or are where they should not be. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';

import { ErrorCode } from '../../../src/errors/error-code.js';
import { fileSystem } from '../../../src/runtime/node/file-system.js';

const folder = mkdtempSync(path.join(tmpdir(), 'weights-manifest-'));
const models = path.join(folder, 'models');
mkdirSync(path.join(models, 'below'), { recursive: true });
writeFileSync(path.join(folder, 'secret.bin'), Buffer.alloc(8));
writeFileSync(path.join(models, 'two.bin'), Buffer.from(new Float32Array([1, 2]).buffer));
writeFileSync(path.join(models, 'below', 'one.bin'), Buffer.from(new Float32Array([3]).buffer));
symlinkSync(path.join(folder, 'secret.bin'), path.join(models, 'linked.bin'));
symlinkSync('/dev/zero', path.join(models, 'endless.bin'));
spawnSync('mkfifo', [path.join(models, 'pipe.bin')]);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const file = path.join(models, 'model.json');
const weight = (shape: unknown, dtype = 'float32', more: object = {}) => ({ name: 'w', shape, dtype, ...more });
const group = (paths: unknown, ...weights: unknown[]) => ({ paths, weights });

async function load(weightsManifest: unknown): Promise<number[]> {
  writeFileSync(file, JSON.stringify({ modelTopology: {}, weightsManifest }));
  const { weightData } = (await fileSystem(file).load?.()) ?? {};
  return Array.from(new Float32Array(weightData as ArrayBuffer));
}

describe('the weights of a model', () => {
  it.each([
    ['in one file', [group(['two.bin'], weight([2]))], [1, 2]],
    ['in two files of one group', [group(['below/one.bin', 'two.bin'], weight([3, 1]))], [3, 1, 2]],
    ['in two groups', [group(['two.bin'], weight([2])), group(['./below/../below/one.bin'], weight([]))], [1, 2, 3]],
    ['behind a link that the owner of the folder made', [group(['linked.bin'], weight([1, 2]))], [0, 0]],
    [
      'that are quantized',
      [group(['two.bin'], weight([4], 'float32', { quantization: { dtype: 'float16' } }))],
      [1, 2],
    ],
    ['of strings', [group(['two.bin'], weight([1], 'string'))], [1, 2]],
    ['of no weights', [group([])], []],
  ])('load %s', async (_, manifest, expected) => {
    expect(await load(manifest)).toEqual(expected);
  });

  it.each([
    ['above its folder', ['../secret.bin']],
    ['above its folder, by a detour', ['below/../../secret.bin']],
    ['at an absolute path', [path.join(folder, 'secret.bin')]],
    ['that is the folder', ['.']],
  ])('are refused %s', async (_, paths) => {
    await expect(load([group(paths, weight([2]))])).rejects.toMatchObject({
      code: ErrorCode.FileAccess,
      message: expect.stringContaining('outside its folder') as string,
    });
  });

  it.each([
    ['more than the files', [group(['two.bin'], weight([3]))], /weights take 12 bytes, but .*two\.bin has 8/],
    ['terabytes', [group(['two.bin'], weight([2 ** 20, 2 ** 20]))], /but .*two\.bin has 8/],
    ['less than the files', [group(['two.bin'], weight([1]))], /weights take 4 bytes, but .*two\.bin has 8/],
    ['more strings than the files', [group(['two.bin'], weight([3], 'string'))], /at least 12 bytes/],
    ['weights without a file', [group([], weight([1]))], /no file has 0/],
    ['a shape beyond all numbers', [group(['two.bin'], weight([2 ** 52, 2 ** 52]))], /shape/],
    ['a negative shape', [group(['two.bin'], weight([-1, -2]))], /shape/],
    ['no shape', [group(['two.bin'], weight(undefined))], /shape/],
    ['an unknown type', [group(['two.bin'], weight([1], 'int128'))], /"int128"/],
    ['a type that objects have', [group(['two.bin'], weight([1], 'toString'))], /"toString"/],
    ['a path that is no text', [group([{}], weight([2]))], /no path/],
    ['an empty path', [group([''], weight([2]))], /no path/],
    ['no paths', [group(undefined, weight([2]))], /no list of paths/],
    ['no weights', [{ paths: ['two.bin'] }], /no list of paths or of weights/],
    ['no weight', [group(['two.bin'], null)], /has no name/],
    ['no group', [null], /no list of paths/],
    ['no list', { length: 3 }, /no list/],
    ['a missing file', [group(['nowhere.bin'], weight([2]))], /nowhere\.bin does not exist/],
    ['a device', [group(['endless.bin'], weight([2]))], /endless\.bin is not a regular file/],
    ['a pipe', [group(['pipe.bin'], weight([2]))], /pipe\.bin is not a regular file/],
  ])('are an error when the manifest has %s', async (_, manifest, message) => {
    await expect(load(manifest)).rejects.toMatchObject({
      code: ErrorCode.FileAccess,
      message: expect.stringMatching(message) as string,
    });
  });

  it.each(['null', '3', '[', '"text"'])('are an error when the model.json is %s', async (text) => {
    writeFileSync(file, text);
    await expect(fileSystem(file).load?.()).rejects.toMatchObject({ code: ErrorCode.FileAccess });
  });

  it('load with an optimizer, as they were saved', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
    model.compile({ optimizer: 'adam', loss: 'meanSquaredError' });
    await model.trainOnBatch(tf.ones([4, 3]), tf.ones([4, 2]));
    const saved = path.join(folder, 'saved');
    await model.save(fileSystem(saved), { includeOptimizer: true });
    const loaded = await tf.loadLayersModel(fileSystem(saved));
    expect(loaded.getWeights().map((each) => each.arraySync())).toEqual(
      model.getWeights().map((each) => each.arraySync()),
    );
  });
});
