/** Trains, predicts or runs a custom loop until another process ends, and reports the error. The parent kills one. */
import * as tf from '@tensorflow/tfjs';

import { MirrorscopeError, ReduceOp } from '../../../../src/runtime/index.js';
import { SILENT } from '../../support/silent.js';
import { makeStrategy, writeResult } from '../support/worker-process.js';

const strategy = makeStrategy({ heartbeatTimeoutSeconds: 3, communicationOptions: { timeoutSeconds: 8 } });
const model = strategy.scope(() => {
  const made = tf.sequential({
    layers: [
      // Large, so that the exchange of the first values takes some time.
      tf.layers.embedding({ inputDim: 100_000, outputDim: 50, inputLength: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 1 }),
    ],
  });
  made.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  return made;
});
const x = tf.ones([64, 2], 'int32');
const uses: Readonly<Record<string, () => Promise<unknown>>> = {
  fit: () => model.fit(x, tf.ones([64, 1]), { batchSize: 16, epochs: 2, verbose: SILENT }),
  predict: () => (model.predict(x) as tf.Tensor).data(),
  run: () =>
    strategy
      .reduce(
        ReduceOp.SUM,
        strategy.run(() => tf.sum((model.getWeights()[1] as tf.Tensor).add(1))),
      )
      .data(),
};
process.send?.('ready');
try {
  for (;;) await uses[process.env['USE'] ?? '']?.();
} catch (error) {
  writeResult({ code: error instanceof MirrorscopeError ? error.code : 'OTHER', message: String(error) });
}
process.exit(0);
