/**
 * `mirrorscope/node`: files, images, TensorBoard, SavedModels and the progress bar, with real files and a real
 * TensorFlow.
 */
import type { Tensor, Tensor3D } from '@tensorflow/tfjs';
import type { AddressInfo } from 'node:net';

import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';

import { ErrorCode } from '../../../src/errors/error-code.js';
import { formatBar, formatLogs } from '../../../src/runtime/node/progbar-logger.js';
import { describeWithTensorFlow, TENSORFLOW_FILES } from '../tensorflow/describe-with-tensorflow.js';

const tf = TENSORFLOW_FILES ? await import('../../../src/runtime/node/index.js') : (undefined as never);
const folder = mkdtempSync(join(tmpdir(), 'node-'));
const savedModel = fileURLToPath(new URL('../../../fixtures/saved-model', import.meta.url));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => vi.restoreAllMocks());

/** Hides the lines that `verbose: 1`, the default, prints. */
function silence(): void {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
}

function model() {
  const built = tf.sequential();
  built.add(
    tf.layers.dense({ inputShape: [3], units: 2, kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }) }),
  );
  built.add(tf.layers.dense({ units: 1 }));
  built.compile({ optimizer: 'sgd', loss: 'meanSquaredError', metrics: ['mae'] });
  return built;
}

describeWithTensorFlow('importing mirrorscope/node', () => {
  it('gives TensorFlow.js on our backend', () => {
    expect(tf.getBackend()).toBe('mirrorscope');
    expect(Array.from(tf.tensor1d([1, 2]).add(1).dataSync())).toEqual([2, 3]);
  });

  it('gives a default export with all names, like the default import of a CommonJS module', () => {
    const { default: whole, ...named } = tf;
    expect({ ...whole }).toEqual(named);
  });
});

describeWithTensorFlow('file://', () => {
  it('saves and loads a layers model with its optimizer', async () => {
    const original = model();
    const x = tf.ones([4, 3]);
    silence();
    await original.fit(x, tf.zeros([4, 1]), { epochs: 1 });
    const url = `file://${join(folder, 'deep', 'model')}`;
    const result = await original.save(url, { includeOptimizer: true });
    expect(result.modelArtifactsInfo.weightDataBytes).toBeGreaterThan(4 * 11);
    expect(readdirSync(join(folder, 'deep', 'model')).sort()).toEqual(['model.json', 'weights.bin']);
    const restored = await tf.loadLayersModel(`${url}/model.json`);
    expect(Array.from((restored.predict(x) as Tensor).dataSync())).toEqual(
      Array.from((original.predict(x) as Tensor).dataSync()),
    );
    expect(restored.optimizer.getClassName()).toBe('SGD');
  });

  it('writes files that tfjs can read elsewhere', async () => {
    await model().save(`file://${join(folder, 'plain')}`);
    const json = JSON.parse(readFileSync(join(folder, 'plain', 'model.json'), 'utf8')) as Record<string, unknown>;
    expect(Object.keys(json)).toEqual(
      expect.arrayContaining(['modelTopology', 'weightsManifest', 'format', 'generatedBy']),
    );
    expect(json['weightsManifest']).toMatchObject([{ paths: ['weights.bin'] }]);
  });

  it('reports which file is missing', async () => {
    await expect(tf.loadLayersModel(`file://${join(folder, 'nowhere', 'model.json')}`)).rejects.toMatchObject({
      code: ErrorCode.FileAccess,
    });
    await model().save(`file://${join(folder, 'broken')}`);
    rmSync(join(folder, 'broken', 'weights.bin'));
    await expect(tf.loadLayersModel(`file://${join(folder, 'broken', 'model.json')}`)).rejects.toMatchObject({
      code: ErrorCode.FileAccess,
      message: expect.stringContaining('weights.bin') as string,
    });
  });
});

describeWithTensorFlow('images', () => {
  const picture = () =>
    tf.tensor3d(
      Array.from({ length: 4 * 5 * 3 }, (_unused, index) => (index * 37) % 256),
      [4, 5, 3],
      'int32',
    );

  it('decodes the same image from a PNG that it encoded', async () => {
    const image = picture();
    const file = await tf.node.encodePng(image);
    expect(tf.node.getImageType(file)).toBe('png');
    const decoded = tf.node.decodeImage(file);
    expect(decoded.shape).toEqual([4, 5, 3]);
    expect(decoded.dtype).toBe('int32');
    expect(Array.from(decoded.dataSync())).toEqual(Array.from(image.dataSync()));
    expect(tf.node.decodePng(file, 1).shape).toEqual([4, 5, 1]);
  });

  it('decodes nearly the same image from a JPEG that it encoded', async () => {
    const image: Tensor3D = tf.fill([16, 16, 3], 120, 'int32');
    const file = await tf.node.encodeJpeg(image, 'rgb', 95);
    const decoded = tf.node.decodeImage(file, 3);
    expect(decoded.shape).toEqual([16, 16, 3]);
    expect(Math.max(...decoded.sub(image).abs().dataSync())).toBeLessThanOrEqual(3);
  });

  it('decodes GIF, and rejects unknown and damaged files', () => {
    // The smallest GIF: one white pixel.
    const gif = Uint8Array.from(Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64'));
    expect(tf.node.decodeImage(gif).shape).toEqual([1, 1, 1, 3]);
    expect(tf.node.decodeImage(gif, 0, 'int32', false).shape).toEqual([1, 1, 3]);
    expect(() => tf.node.decodeImage(Uint8Array.of(1, 2, 3, 4))).toThrow(/unsupported image type/);
    expect(() => tf.node.decodePng(Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10, 0))).toThrow();
  });
});

describeWithTensorFlow('TensorBoard', () => {
  it('writes event files with the scalars and histograms of a training run', async () => {
    const logdir = join(folder, 'logs');
    const x = tf.ones([8, 3]);
    silence();
    await model().fit(x, tf.zeros([8, 1]), {
      epochs: 2,
      validationData: [x, tf.zeros([8, 1])],
      callbacks: tf.node.tensorBoard(logdir, { updateFreq: 'batch', histogramFreq: 1 }),
    });
    const read = (kind: string) =>
      readdirSync(join(logdir, kind))
        .map((name) => readFileSync(join(logdir, kind, name), 'latin1'))
        .join('');
    expect(read('train')).toContain('epoch_loss');
    expect(read('train')).toContain('batch_loss');
    expect(read('train')).toContain('kernel');
    expect(read('val')).toContain('epoch_mae');
  });

  it('writes its events when it is flushed', () => {
    const logdir = join(folder, 'own');
    const writer = tf.node.summaryFileWriter(logdir);
    writer.scalar('speed', 3.5, 1);
    writer.scalar('speed', tf.scalar(4), 2);
    writer.histogram('weights', tf.range(0, 10, 1, 'float32'), 2);
    writer.flush();
    const [name] = readdirSync(logdir);
    const text = readFileSync(join(logdir, name as string), 'latin1');
    expect(text.split('speed').length - 1).toBe(2);
    expect(text).toContain('weights');
    writer.close();
  });

  it('rejects an unknown update frequency', () => {
    expect(() => tf.node.tensorBoard(folder, { updateFreq: 'sample' as 'batch' })).toThrow(/updateFreq/);
  });
});

describeWithTensorFlow('SavedModel', () => {
  const expected = () =>
    JSON.parse(readFileSync(join(savedModel, 'expected.json'), 'utf8')) as { product: number[][]; total: number[] };

  it('lists its signatures', async () => {
    const [graph] = await tf.node.getMetaGraphsFromSavedModel(savedModel);
    expect(graph?.tags).toEqual(['serve']);
    expect(graph?.signatureDefs['serving_default']?.inputs['x']).toMatchObject({
      dtype: 'float32',
      tfDtype: 'DT_FLOAT',
      shape: [-1, 2],
    });
    expect(graph?.signatureDefs['describe']?.inputs['ids']).toMatchObject({ dtype: 'int32', tfDtype: 'DT_INT64' });
  });

  it('predicts the same as Python, from a map, a list and one tensor', async () => {
    const loaded = await tf.node.loadSavedModel(savedModel);
    const x = tf.tensor2d([
      [1, -1],
      [0.5, 2],
    ]);
    const { product, total } = loaded.predict({ x }) as Record<string, Tensor>;
    expect(product?.arraySync()).toEqual(expected().product);
    expect(total?.arraySync()).toEqual(expected().total);
    expect(loaded.predict([x])).toHaveLength(2);
    const only = loaded.execute(x, 'total') as Tensor;
    expect(only.arraySync()).toEqual(expected().total);
    loaded.dispose();
  });

  it('runs another signature, with int64 and strings', async () => {
    const loaded = await tf.node.loadSavedModel(savedModel, ['serve'], 'describe');
    const result = loaded.predict({ ids: tf.tensor1d([4, 2], 'int32'), word: tf.scalar('n') }) as Record<
      string,
      Tensor
    >;
    expect(result['text']?.dataSync()[0]).toBe('n42');
    expect(result['next']?.dtype).toBe('int32');
    expect(Array.from(result['next']?.dataSync() ?? [])).toEqual([5, 3]);
    loaded.dispose();
  });

  it('shares a session and counts its users', async () => {
    const first = await tf.node.loadSavedModel(savedModel);
    const second = await tf.node.loadSavedModel(savedModel, ['serve'], 'describe');
    expect(tf.node.getNumOfSavedModels()).toBe(2);
    first.dispose();
    expect(() => {
      first.dispose();
    }).toThrow(/already been deleted/);
    expect(() => first.predict(tf.ones([1, 2]))).toThrow(/already been deleted/);
    second.dispose();
    expect(tf.node.getNumOfSavedModels()).toBe(0);
  });

  it('leaks no tensor and no handle', async () => {
    const { session } = await import('../../../src/runtime/backend/index.js');
    const loaded = await tf.node.loadSavedModel(savedModel);
    const x = tf.ones([2, 2]);
    const once = () => {
      tf.tidy(() => void loaded.predict({ x }));
    };
    once();
    const before = session.context.handles.alive;
    for (let index = 0; index < 20; index++) once();
    expect(session.context.handles.alive).toBe(before);
    loaded.dispose();
  });

  it('reports a missing model, a damaged model, unknown tags, an unknown signature and a missing input', async () => {
    await expect(tf.node.loadSavedModel(join(folder, 'none'))).rejects.toMatchObject({ code: ErrorCode.FileAccess });
    const damaged = join(folder, 'damaged');
    cpSync(savedModel, damaged, { recursive: true });
    const bytes = readFileSync(join(damaged, 'saved_model.pb'));
    writeFileSync(join(damaged, 'saved_model.pb'), bytes.subarray(0, bytes.length >> 1));
    await expect(tf.node.loadSavedModel(damaged)).rejects.toMatchObject({
      code: ErrorCode.FileAccess,
      message: expect.stringContaining('damaged') as string,
    });
    writeFileSync(join(damaged, 'saved_model.pb'), bytes);
    writeFileSync(join(damaged, 'variables', 'variables.data-00000-of-00001'), 'x');
    await expect(tf.node.loadSavedModel(damaged)).rejects.toMatchObject({ code: ErrorCode.TensorFlow });
    await expect(tf.node.loadSavedModel(savedModel, ['train'])).rejects.toThrow(/does not have tags: train/);
    await expect(tf.node.loadSavedModel(savedModel, ['serve'], 'toString')).rejects.toThrow(
      /does not have signature: toString/,
    );
    const loaded = await tf.node.loadSavedModel(savedModel);
    expect(() => loaded.predict({})).toThrow(/"x" is missing/);
    expect(() => loaded.predict(tf.ones([2, 3]))).toThrow(/incompatible|Matrix size/i);
    loaded.dispose();
  });
});

describeWithTensorFlow('tf.io.nodeHTTPRequest', () => {
  it('loads a model over HTTP with the options of the request', async () => {
    await model().save(`file://${join(folder, 'served')}`);
    const requests: string[] = [];
    const server = createServer(({ url = '', headers }, response) => {
      requests.push(`${url} ${headers['x-key'] as string}`);
      response.setHeader('content-type', url.endsWith('.json') ? 'application/json' : 'application/octet-stream');
      response.end(readFileSync(join(folder, 'served', url)));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const loaded = await tf.loadLayersModel(
      tf.io.nodeHTTPRequest(`http://127.0.0.1:${port}/model.json`, { headers: { 'x-key': '7' } }),
    );
    server.close();
    expect(loaded.countParams()).toBe(model().countParams());
    expect(requests).toEqual(['/model.json 7', '/weights.bin 7']);
  });
});

describeWithTensorFlow('verbose: 1, the default,', () => {
  it('prints a line for each epoch', async () => {
    const lines: string[] = [];
    vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    await model().fit(tf.ones([8, 3]), tf.zeros([8, 1]), { epochs: 2, batchSize: 4 });
    expect(lines[0]).toBe('Epoch 1 / 2');
    expect(lines[1]).toMatch(/^\d+ms \d+us\/step - loss=[\d.e-]+ mae=[\d.e-]+$/);
    expect(lines).toHaveLength(4);
  });
});

describe('the progress bar', () => {
  it('shows the progress of an epoch', () => {
    expect(formatBar(5, 10, 1000)).toBe('[===============>              ] 5/10 eta=1.0s');
    expect(formatBar(10, 10, 1000)).toBe('[==============================] 10/10 eta=0.0s');
    expect(formatBar(3, 0, 10)).toBe('3 batches');
    expect(formatLogs({ batch: 1, size: 32, loss: 0.5, acc: 0.001 })).toBe('loss=0.500 acc=1.00e-3');
  });
});
