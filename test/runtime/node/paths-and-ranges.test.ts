/** `mirrorscope/node` with unusual paths, images and integers: as tfjs-node, or an error that says why. */
import type { Tensor } from '@tensorflow/tfjs';

import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { afterAll, expect, it } from 'vitest';

import { ErrorCode } from '../../../src/runtime/index.js';
import { describeWithTensorFlow, TENSORFLOW_FILES } from '../tensorflow/describe-with-tensorflow.js';

const tf = TENSORFLOW_FILES ? await import('../../../src/runtime/node/index.js') : (undefined as never);
const folder = mkdtempSync(path.join(tmpdir(), 'node-paths-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A GIF of one white pixel. */
const GIF = Buffer.from('R0lGODdhAQABAIAAAP///////ywAAAAAAQABAAACAkQBADs=', 'base64');

describeWithTensorFlow('paths', () => {
  it.each(['a#b', '100%', 'what?', 'with space', 'ünïcode'])('a model in the folder %s', async (name) => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    await model.save(`file://${path.join(folder, name)}`);
    expect(readdirSync(folder)).toContain(name);
    await tf.loadLayersModel(`file://${path.join(folder, name)}/model.json`);
  });

  it('a URL with escapes, as pathToFileURL writes it', async () => {
    const target = path.join(folder, 'escaped # and space');
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
    await model.save(pathToFileURL(target).href);
    expect(readdirSync(folder)).toContain('escaped # and space');
  });

  it('an event file needs a folder', () => {
    expect(() => tf.node.summaryFileWriter('')).toThrow(expect.objectContaining({ code: ErrorCode.InvalidArgument }));
  });
});

describeWithTensorFlow('tensors', () => {
  it('decoding the first frame of a GIF leaves one tensor', () => {
    const before = tf.memory().numTensors;
    const image = tf.node.decodeImage(GIF, 3, 'int32', false);
    expect(image.shape).toEqual([1, 1, 3]);
    expect(tf.memory().numTensors).toBe(before + 1);
    image.dispose();
  });

  it('negative padding is an error', () => {
    expect(() => tf.pad(tf.tensor1d([1, 2, 3]), [[0, -1]])).toThrow(/non-negative/);
  });

  it('int64 outputs of a SavedModel: those that fit, and an error for others', async () => {
    const source = fileURLToPath(new URL('../../../fixtures/saved-model', import.meta.url));
    const model = await tf.node.loadSavedModel(source, ['serve'], 'describe');
    const next = (id: number): Tensor =>
      (model.predict({ ids: tf.tensor1d([id, -3], 'int32'), word: tf.scalar('w') }) as Record<string, Tensor>)[
        'next'
      ] as Tensor;
    expect(Array.from(next(2 ** 31 - 2).dataSync())).toEqual([2 ** 31 - 1, -2]);
    const before = tf.memory().numTensors;
    expect(() => next(2 ** 31 - 1)).toThrow(/int64 and has values that do not fit into int32/);
    expect(tf.memory().numTensors - before).toBeLessThanOrEqual(3);
    model.dispose();
  });

  it('names of inputs and outputs have no position, as in tfjs-node', async () => {
    const source = fileURLToPath(new URL('../../../fixtures/saved-model', import.meta.url));
    const model = await tf.node.loadSavedModel(source);
    expect([...model.inputs, ...model.outputs].filter(({ name }) => name.endsWith(':0'))).toEqual([]);
    const [output] = model.outputs;
    const product = model.execute(tf.ones([1, 2]), output?.name ?? '') as Tensor;
    expect(product.shape[0]).toBe(1);
    model.dispose();
  });
});
