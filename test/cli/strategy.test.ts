/** The option `--strategy` on the command line and in the configuration. */
import { describe, expect, it } from 'vitest';

import { temporaryTree, treeContents } from '../scan/temporary-tree.js';

import { mirrorscope } from './command.js';

const JAVASCRIPT = `import * as tf from '@tensorflow/tfjs';
import { multiGpuModel } from 'keras-js';

const model = multiGpuModel(tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] }), 2);
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
`;
const PYTHON = `import tensorflow as tf

model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(4,))])
model = tf.keras.utils.multi_gpu_model(model, gpus=2)
model.compile(loss="mse", optimizer="sgd")
`;

describe('--strategy multi-worker', () => {
  it('writes the strategy in both languages, and says what the program needs', () => {
    const root = temporaryTree({ 'a.js': JAVASCRIPT, 'a.py': PYTHON, 'requirements.txt': 'tensorflow>=2.16\n' });
    const { code, stdout } = mirrorscope(root, ['migrate', '--write', '--strategy', 'multi-worker']);
    // The reports are work that is left.
    expect(code).toBe(1);
    const { 'a.js': javascript, 'a.py': python } = treeContents(root);
    expect(javascript).toContain('new MultiWorkerMirroredStrategy({ clusterResolver: new TFConfigClusterResolver()');
    expect(javascript).not.toContain('allowUnauthenticatedPeers');
    expect(python).toContain('strategy = tf.distribute.MultiWorkerMirroredStrategy()\n');
    expect(stdout).toContain('then add allowUnauthenticatedPeers: true');
    expect(stdout).toContain('the GPUs of this call are dropped');
    expect(stdout).toMatch(/requires tensorflow>=2\.16: with Keras 3\.0 and later fit fails .*tf_keras/);
  });

  it('can be set in the configuration, and an option overrides it', () => {
    const configuration = { 'mirrorscope.config.json': '{ "strategy": "multi-worker" }' };
    const configured = temporaryTree({ 'a.py': PYTHON, ...configuration });
    mirrorscope(configured, ['migrate', '--write']);
    expect(treeContents(configured)['a.py']).toContain('.MultiWorkerMirroredStrategy()');
    const overridden = temporaryTree({ 'a.py': PYTHON, ...configuration });
    mirrorscope(overridden, ['migrate', '--write', '--strategy', 'mirrored']);
    expect(treeContents(overridden)['a.py']).toContain('.MirroredStrategy(["/gpu:0", "/gpu:1"])');
  });

  it('rejects an unknown name, and Keras 3', () => {
    const root = temporaryTree({ 'a.py': PYTHON });
    const unknown = mirrorscope(root, ['check', '--strategy', 'tpu']);
    expect(unknown).toMatchObject({ code: 2 });
    expect(unknown.stderr).toContain('The strategies are: mirrored, multi-worker.');
    const keras3 = mirrorscope(root, ['migrate', '--strategy', 'multi-worker', '--target', 'keras3']);
    expect(keras3).toMatchObject({ code: 2 });
    expect(keras3.stderr).toContain('--target tf-keras');
  });
});
