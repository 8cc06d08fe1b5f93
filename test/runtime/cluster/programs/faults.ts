/**
 * Trains until a fault. The process that has the fault tells its parent when it begins; the others write the error that
 * `fit` gave them, when it came, and whether their weights are those of a whole step.
 */
import * as tf from '@tensorflow/tfjs';

import { MirrorscopeError } from '../../../../src/runtime/index.js';
import { SILENT } from '../../support/silent.js';
import { type Fault, FAULT_TIMEOUTS } from '../support/fault-table.js';
import { makeStrategy, writeResult } from '../support/worker-process.js';

/** What a process reports. */
export interface FaultReport {
  readonly code: string;
  readonly message: string;
  /** Milliseconds since 1970. */
  readonly noticedAt: number;
  /** The weights when `fit` had failed. */
  readonly weights: readonly number[];
}

const fault = JSON.parse(process.env['FAULT'] ?? '{}') as Partial<Fault>;

function report(error: unknown, weights: readonly number[]): void {
  const { code, message } = error instanceof MirrorscopeError ? error : { code: 'OTHER', message: String(error) };
  writeResult({ code, message, noticedAt: Date.now(), weights } satisfies FaultReport);
}

/** Begins the fault of this process. */
async function begin(): Promise<void> {
  process.send?.({ fault: fault.kind, at: Date.now() });
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (fault.kind === 'kill') process.kill(process.pid, 'SIGKILL');
  if (fault.kind === 'stop') process.kill(process.pid, 'SIGSTOP');
  if (fault.kind === 'exit') process.exit(9);
  // Alive, but it does not come: the event loop has to stay busy.
  if (fault.kind === 'absent') await new Promise((resolve) => setTimeout(resolve, 1e6));
}

const { EXIT_AFTER_MS } = process.env;
// While it waits for a process that does not come.
if (EXIT_AFTER_MS !== undefined) setTimeout(() => process.exit(5), Number(EXIT_AFTER_MS)).unref();
try {
  if (fault.at === 'start') await begin();
  const strategy = makeStrategy({
    heartbeatTimeoutSeconds: FAULT_TIMEOUTS.heartbeat,
    startTimeoutSeconds: FAULT_TIMEOUTS.start,
    communicationOptions: { timeoutSeconds: FAULT_TIMEOUTS.collective },
    seed: 1,
  });
  const units = fault.kind === 'shape' ? 17 : 16;
  const model = strategy.scope(() => {
    const made = tf.sequential({
      layers: [
        tf.layers.embedding({ inputDim: 10, outputDim: 4, inputLength: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units, activation: 'relu' }),
        tf.layers.dense({ units: 1 }),
      ],
    });
    const rate = fault.kind === 'learning rate' ? 0.02 : 0.01;
    const optimizer = fault.kind === 'optimizer' ? tf.train.sgd(rate) : tf.train.adam(rate);
    made.compile({ optimizer, loss: 'meanSquaredError' });
    return made;
  });
  const weights = (): number[] => model.getWeights().flatMap((weight) => [...weight.dataSync()]);
  const x = tf.tensor2d(
    Array.from({ length: 48 * 2 }, (_, place) => place % 10),
    [48, 2],
    'int32',
  );
  const y = tf.ones([48, 1]);
  const batchSize = fault.kind === 'batch size' ? 8 : 12;
  if (fault.at === 'first step') await begin();
  const saved = { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' as const } };
  const onBatchEnd = async (batch: number): Promise<void> => {
    if (fault.at === 'mid-epoch' && batch === 2) await begin();
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  const onEpochEnd = async (epoch: number): Promise<void> => {
    if (fault.at === 'between epochs' && epoch === 1) await begin();
    if (fault.at === 'checkpoint' && epoch === 1)
      await model.save(tf.io.withSaveHandler(async () => (await begin(), saved)));
  };
  try {
    await model.fit(x, y, { batchSize, epochs: 400, verbose: SILENT, callbacks: { onBatchEnd, onEpochEnd } });
    writeResult({ code: 'NONE', message: 'the fit ended', noticedAt: Date.now(), weights: [] } satisfies FaultReport);
  } catch (error) {
    report(error, []);
    report(error, weights());
  }
} catch (error) {
  report(error, []);
}
// Ends although TensorFlow's threads may still wait.
process.exit(3);
