/**
 * A worker thread of `random-programs.js`: trains until it has done so twice, or somebody ends it. With `isReplicated`,
 * on two devices.
 */
import { parentPort, workerData } from 'node:worker_threads';

import * as tf from '@tensorflow/tfjs';

import { useBackend } from '../../dist/runtime/backend/index.js';
import { MirroredStrategy } from '../../dist/runtime/index.js';

import { compiledClassifier, trainingData } from './soak-model.js';

const given = /** @type {unknown} */ (workerData ?? {});
const { isEndless = false, isReplicated = false } = /** @type {{ isEndless?: boolean, isReplicated?: boolean }} */ (
  given
);
const strategy = isReplicated ? new MirroredStrategy({ devices: 2, engine: 'tensorflow' }) : undefined;
useBackend();
const model = strategy === undefined ? compiledClassifier() : strategy.scope(compiledClassifier);
const { features, labels } = trainingData(20);
for (let round = 0; isEndless || round < 2; round++) {
  await model.fit(features, labels, { epochs: 2, batchSize: 8 });
  if (round === 0) parentPort?.postMessage('training');
  await tf.nextFrame();
}
