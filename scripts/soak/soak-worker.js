/** A worker thread of `random-programs.js`: trains until it has done so twice, or somebody ends it. */
import { parentPort, workerData } from 'node:worker_threads';

import * as tf from '@tensorflow/tfjs';

import { useBackend } from '../../dist/runtime/backend/index.js';

import { compiledClassifier, trainingData } from './soak-model.js';

const given = /** @type {unknown} */ (workerData ?? {});
const { isEndless = false } = /** @type {{ isEndless?: boolean }} */ (given);
useBackend();
const model = compiledClassifier();
const { features, labels } = trainingData(20);
for (let round = 0; isEndless || round < 2; round++) {
  await model.trainOnBatch(features, labels);
  if (round === 0) parentPort?.postMessage('training');
  await tf.nextFrame();
}
