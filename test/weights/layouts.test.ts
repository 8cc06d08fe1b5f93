/** Tests layouts, names and failures with small files that the test writes. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { MirrorscopeError } from '../../src/errors/mirrorscope-error.js';
import { convertWeights } from '../../src/weights/convert-weights.js';
import { widenHalf } from '../../src/weights/half-precision.js';
import { createFile, datasetAt, groupAt, makeGroups, openForReading } from '../../src/weights/hdf5.js';
import { readLayers, type StoredLayer, writeNames } from '../../src/weights/stored-layer.js';
import { defined } from '../support/defined.js';
import { textContaining } from '../support/matchers.js';

const folder = mkdtempSync(path.join(tmpdir(), 'mirrorscope-layouts-'));
const at = (name: string) => path.join(folder, name);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a weights file in which each weight has another value. */
async function weightsFile(name: string, layers: readonly StoredLayer[]): Promise<string> {
  const file = await createFile(at(name));
  file.create_attribute('backend', 'tensorflow', null, 'S10');
  file.create_attribute('keras_version', '2.2.4', null, 'S');
  writeNames(
    file,
    'layer_names',
    layers.map((layer) => layer.name),
  );
  let number = 0;
  for (const { name: layer, weights } of layers) {
    const group = file.create_group(layer);
    writeNames(group, 'weight_names', weights);
    for (const weight of weights) {
      const parts = weight.split('/');
      makeGroups(group, parts.slice(0, -1)).create_dataset({
        name: defined(parts.at(-1)),
        data: new Float32Array([number, ++number]),
        shape: [2],
        dtype: '<f',
      });
    }
  }
  file.close();
  return at(name);
}

async function layersIn(name: string): Promise<StoredLayer[]> {
  const file = await openForReading(at(name));
  try {
    return defined(readLayers(file)).filter(({ weights }) => weights.length > 0);
  } finally {
    file.close();
  }
}

const slices: StoredLayer[] = ['input_1', 'lambda_1', 'lambda_2'].map((name) => ({ name, weights: [] }));
const nested = [
  ...slices,
  { name: 'model_1', weights: ['dense_1/kernel:0', 'dense_1/bias:0', 'bn/gamma:0', 'bn/moving_mean:0'] },
  { name: 'dense_1', weights: [] },
];
const flat = [
  { name: 'dense_1', weights: ['dense_1/kernel:0', 'dense_1/bias:0'] },
  { name: 'bn', weights: ['bn/gamma:0', 'bn/moving_mean:0'] },
];

describe('convertWeights', () => {
  beforeAll(async () => {
    await weightsFile('nested.h5', nested);
    await weightsFile('flat.h5', [{ name: 'input_1', weights: [] }, ...flat]);
  });

  it('converts the nested layout to that of the single model, and keeps the attributes of the file', async () => {
    const before = readFileSync(at('nested.h5'));
    const result = await convertWeights({ input: at('nested.h5'), output: at('out.h5') });
    expect(result).toMatchObject({
      to: 'flat',
      template: 'model_1',
      layers: 2,
      weights: 4,
      isModel: false,
      hasOptimizer: false,
    });
    expect(result.notes).toEqual([textContaining('--like')]);
    expect(await layersIn('out.h5')).toEqual(flat);
    expect(readFileSync(at('nested.h5')).equals(before)).toBe(true);
    const file = await openForReading(at('out.h5'));
    expect([file.attrs['backend']?.value, file.attrs['keras_version']?.value]).toEqual(['tensorflow', '2.2.4']);
    expect(file.attrs['backend']?.metadata.vlen).toBe(false);
    expect(file.attrs['keras_version']?.metadata.vlen).toBe(true);
    expect(datasetAt(file, 'bn/bn/moving_mean:0')?.value).toEqual(new Float32Array([3, 4]));
    file.close();
  });

  it('converts it back, with the trainable weights first', async () => {
    await convertWeights({ input: at('flat.h5'), output: at('again.h5'), to: 'nested', template: 'model_1' });
    expect(await layersIn('again.h5')).toEqual([nested[3]]);
  });

  it('takes names and order from a reference, even if the names differ', async () => {
    const other = [
      { name: 'dense_7', weights: ['dense_7/kernel:0', 'dense_7/bias:0'] },
      { name: 'norm', weights: ['norm/gamma:0', 'norm/moving_mean:0'] },
    ];
    const like = await weightsFile('like.h5', other);
    await convertWeights({ input: at('nested.h5'), output: at('renamed.h5'), like });
    expect(await layersIn('renamed.h5')).toEqual(other);
    const tooMany = await weightsFile('like-more.h5', [...other, { name: 'x', weights: ['x/kernel:0'] }]);
    await expect(convertWeights({ input: at('nested.h5'), output: at('no.h5'), like: tooMany })).rejects.toMatchObject({
      code: 'WEIGHTS_LAYOUT',
    });
  });

  it('reads weights that start with the name of the model, and tells them from a recurrent layer', async () => {
    const weights = ['net/dense/kernel', 'net/dense/bias'];
    await weightsFile('prefixed.h5', [...slices, { name: 'net', weights }]);
    await convertWeights({ input: at('prefixed.h5'), output: at('unprefixed.h5') });
    expect(await layersIn('unprefixed.h5')).toEqual([{ name: 'dense', weights }]);
    await weightsFile('lstm.h5', [
      { name: 'input_1', weights: [] },
      { name: 'lstm', weights: ['lstm/lstm_cell/kernel:0'] },
    ]);
    await expect(convertWeights({ input: at('lstm.h5'), output: at('no.h5') })).rejects.toMatchObject({
      code: 'WEIGHTS_LAYOUT',
    });
  });

  it('reads and writes lists that are too long for one attribute', async () => {
    const names = Array.from({ length: 3000 }, (_, index) => `block_${index}_with_a_rather_long_name/kernel:0`);
    await weightsFile('many.h5', [...slices, { name: 'model_1', weights: names }]);
    const input = await openForReading(at('many.h5'));
    expect(Object.keys(defined(groupAt(input, 'model_1')).attrs)).toContain('weight_names1');
    input.close();
    await convertWeights({ input: at('many.h5'), output: at('many-flat.h5') });
    expect((await layersIn('many-flat.h5')).flatMap(({ weights }) => weights)).toEqual(names);
    await convertWeights({ input: at('many-flat.h5'), output: at('many-back.h5'), to: 'nested' });
    expect(await layersIn('many-back.h5')).toEqual([{ name: 'model_1', weights: names }]);
  }, 120_000);

  it('converts half precision, which the library cannot write, without changing a value', async () => {
    await convertWeights({ input: path.join(import.meta.dirname, 'half-precision.h5'), output: at('half.h5') });
    const copied = await openForReading(at('half.h5'));
    const kernel = defined(datasetAt(copied, 'dense/dense/kernel:0'));
    expect({ shape: kernel.shape, dtype: kernel.dtype }).toEqual({ shape: [3, 2], dtype: '<f' });
    expect(kernel.value).toEqual(
      new Float32Array([0, 0.142822265625, 0.28564453125, 0.428466796875, 0.5712890625, 0.71435546875]),
    );
    copied.close();
  });

  it('keeps every half-precision number', () => {
    const halves = new Uint16Array([
      0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x3c00, 0xc000, 0x7bff, 0x7c00, 0xfc00, 0x7e00,
    ]);
    const wide = new Float32Array(widenHalf(new Uint8Array(halves.buffer)).buffer);
    expect([...wide]).toEqual([0, -0, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 1, -2, 65504, Infinity, -Infinity, NaN]);
  });

  it('explains what is wrong with a file', async () => {
    writeFileSync(at('text.h5'), 'weights, honestly\n'.repeat(100));
    writeFileSync(at('cut.h5'), readFileSync(at('nested.h5')).subarray(0, 200));
    (await createFile(at('other.h5'))).close();
    const keras3 = await createFile(at('keras3.weights.h5'));
    makeGroups(keras3, ['layers', 'dense', 'vars']);
    keras3.close();
    await weightsFile('gan.h5', [
      { name: 'generator', weights: ['a/kernel:0'] },
      { name: 'discriminator', weights: ['b/kernel:0'] },
    ]);
    await weightsFile('beside.h5', [
      { name: 'base', weights: ['a/kernel:0'] },
      { name: 'dense', weights: ['dense/kernel:0'] },
    ]);
    const codes = new Map<string, string>();
    for (const name of [
      'missing.h5',
      'text.h5',
      'cut.h5',
      'other.h5',
      'keras3.weights.h5',
      'flat.h5',
      'gan.h5',
      'beside.h5',
    ]) {
      await convertWeights({ input: at(name), output: at('no.h5') }).catch((error: unknown) => {
        if (error instanceof MirrorscopeError) codes.set(name, error.code);
      });
    }
    expect(Object.fromEntries(codes)).toEqual({
      'missing.h5': 'FILE_ACCESS',
      'text.h5': 'NOT_HDF5',
      'cut.h5': 'NOT_HDF5',
      'other.h5': 'WEIGHTS_LAYOUT',
      'keras3.weights.h5': 'WEIGHTS_LAYOUT',
      'flat.h5': 'WEIGHTS_LAYOUT',
      'gan.h5': 'AMBIGUOUS_TEMPLATE',
      'beside.h5': 'WEIGHTS_LAYOUT',
    });
    expect(existsSync(at('no.h5'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('uses the model that the user names, if there are several', async () => {
    const { notes } = await convertWeights({ input: at('gan.h5'), output: at('generator.h5'), template: 'generator' });
    expect(await layersIn('generator.h5')).toEqual([{ name: 'a', weights: ['a/kernel:0'] }]);
    expect(notes[0]).toContain('discriminator');
  });

  it('never replaces the input, and replaces another file only with force', async () => {
    const again = { input: at('nested.h5'), output: at('out.h5') };
    await expect(convertWeights({ ...again, output: again.input, force: true })).rejects.toMatchObject({
      code: 'USAGE',
    });
    await expect(convertWeights(again)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(convertWeights({ ...again, force: true })).resolves.toMatchObject({ weights: 4 });
    await expect(convertWeights({ ...again, output: at('none/out.h5') })).rejects.toMatchObject({
      code: 'FILE_ACCESS',
    });
  });
});
