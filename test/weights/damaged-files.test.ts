/** Damaged and hostile weights files: typed errors, before anything large is allocated. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { ErrorCode } from '../../src/errors/error-code.js';
import { convertWeights } from '../../src/weights/convert-weights.js';
import { createFile, makeGroups } from '../../src/weights/hdf5.js';
import { writeNames } from '../../src/weights/stored-layer.js';
import { defined } from '../support/defined.js';
import { hasPackage, PYTHON } from '../verify/python.js';

const folder = mkdtempSync(path.join(tmpdir(), 'mirrorscope-damaged-'));
const at = (name: string) => path.join(folder, name);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a saved model in the layout of `multi_gpu_model`. */
async function nestedModel(name: string, config: unknown): Promise<Buffer> {
  const file = await createFile(at(name));
  file.create_attribute('model_config', typeof config === 'string' ? config : JSON.stringify(config), null, 'S');
  const weights = file.create_group('model_weights');
  writeNames(weights, 'layer_names', ['lambda_1', 'model_1']);
  writeNames(weights.create_group('lambda_1'), 'weight_names', []);
  const group = weights.create_group('model_1');
  writeNames(group, 'weight_names', ['dense_1/kernel:0', 'dense_2/bias:0']);
  for (const layer of ['dense_1', 'dense_2']) {
    makeGroups(group, [layer]).create_dataset({
      name: layer === 'dense_1' ? 'kernel:0' : 'bias:0',
      data: new Float32Array(12).fill(1),
      shape: [3, 4],
      dtype: '<f',
    });
  }
  file.close();
  return readFileSync(at(name));
}

const layer = (name: string, layers?: unknown[]) => ({
  class_name: layers === undefined ? 'Dense' : 'Model',
  name,
  config: { name, ...(layers !== undefined && { layers }) },
});
const CONFIG = layer('model_2', [layer('lambda_1'), layer('model_1', [layer('dense_1'), layer('dense_2')])]);

/** The code of the error; `untyped` and the message for an error of another class. */
async function outcome(input: string, convert = convertWeights): Promise<string> {
  try {
    await convert({ input, output: at('output.h5'), force: true });
    return 'converted';
  } catch (error) {
    const { name, code, message } = error as { name: string; code: ErrorCode; message: string };
    // A native library that has aborted cannot be used again.
    if (String((error as Error).cause).startsWith('RuntimeError')) vi.resetModules();
    return name === 'MirrorscopeError' && code !== ErrorCode.Internal ? code : `untyped ${message}`;
  }
}

/** Draws the same numbers in every run (mulberry32). */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

it('300 damaged copies of a file: converted, or a typed error', { timeout: 120_000 }, async () => {
  const bytes = await nestedModel('whole.h5', CONFIG);
  expect(await outcome(at('whole.h5'))).toBe('converted');
  const below = generator(17);
  const outcomes = new Map<string, number>();
  for (let copy = 0; copy < 300; copy++) {
    const damaged = Buffer.from(bytes);
    const kind = below(3);
    for (let times = 0; kind === 0 && times < 8; times++) damaged[below(bytes.length)] = below(256);
    const start = below(bytes.length - 8);
    if (kind > 0) damaged.fill([0, 1, 127, 255][below(4)] ?? 0, start, kind === 1 ? bytes.length : start + 8);
    writeFileSync(at('damaged.h5'), below(8) === 0 ? damaged.subarray(0, below(bytes.length)) : damaged);
    const { convertWeights: convert } = await import('../../src/weights/convert-weights.js');
    const result = await outcome(at('damaged.h5'), convert);
    outcomes.set(result, (outcomes.get(result) ?? 0) + 1);
  }
  const known = ['converted', ErrorCode.NotHdf5, ErrorCode.WeightsLayout, ErrorCode.AmbiguousTemplate];
  expect([...outcomes.keys()].filter((result) => !known.includes(result))).toEqual([]);
  expect(outcomes.size).toBeGreaterThan(2);
  expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
});

it.each([
  ['no JSON', '{"class_name": "Model"'],
  ['null', 'null'],
  ['a layer without a configuration', layer('model_2', [{ class_name: 'Dense' }])],
  ['a layer that is no object', layer('model_2', [7])],
])('a configuration that is %s', async (name, config) => {
  await nestedModel(`${name}.h5`, config);
  expect(await outcome(at(`${name}.h5`))).toBe(ErrorCode.WeightsLayout);
});

describe.skipIf(!hasPackage('h5py'))('a file that claims more than it contains', () => {
  beforeAll(() => {
    execFileSync(defined(PYTHON), [path.join(import.meta.dirname, 'odd_files.py'), folder], { timeout: 120_000 });
  });

  it.each([
    ['claims.h5', /claims to contain \d+ bytes or more, but has \d+\.$/],
    ['bomb.h5', /claims to contain \d+ bytes or more, but has \d+\.$/],
    ['circle.h5', /nests its groups too deeply, or in a circle\.$/],
  ])('%s', async (name, message) => {
    const before = process.memoryUsage().rss;
    await expect(convertWeights({ input: at(name), output: at(`${name}.output`) })).rejects.toThrow(
      expect.objectContaining({
        code: ErrorCode.WeightsLayout,
        message: expect.stringMatching(message) as string,
      }),
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(200 << 20);
  });
});

it.skipIf(process.platform === 'win32')('a pipe is not opened', async () => {
  execFileSync('mkfifo', [at('pipe.h5')]);
  expect(await outcome(at('pipe.h5'))).toBe(ErrorCode.FileAccess);
});
