/**
 * What a second replica gains when each has one thread, and what this machine allows at most. Starts worker processes.
 */
import { fileURLToPath } from 'node:url';

import { interleave } from '../interleave.js';

import { startWorker } from './worker-process.js';

/** @import { TrainingWorker } from './worker-process.js' */

const WORKER = fileURLToPath(new URL('mirrorscope-worker.js', import.meta.url));

/**
 * Starts a worker with one thread per replica. TensorFlow also runs independent ops of one function side by side
 * (inter-op threads), so those are limited, too.
 * @param {number} replicas - How many replicas it trains on.
 * @returns {TrainingWorker} The worker.
 */
function singleThreadedWorker(replicas) {
  return startWorker(process.execPath, [WORKER, 'traced', String(replicas)], {
    MIRRORSCOPE_INTRA_OP_THREADS: '1',
    MIRRORSCOPE_INTER_OP_THREADS: String(replicas),
  });
}

/**
 * Compares one replica with two replicas on the CNN, one thread each. For the limit, two processes of one thread train
 * half of the batch each and exchange nothing.
 * @param {number} rounds - Samples per side.
 * @param {number} epochs - Epochs of one sample.
 * @returns {Promise<{ model: string, batch: number, ratio: number, limit: number }>} How many times faster the two
 *   replicas and the two processes are.
 */
export async function measureThreadScaling(rounds, epochs) {
  const one = singleThreadedWorker(1);
  const two = singleThreadedWorker(2);
  const halves = [singleThreadedWorker(1), singleThreadedWorker(1)];
  const request = { model: 'cnn', batch: 256, steps: 20, epochs };
  const half = { ...request, batch: request.batch / 2 };
  const medians = await interleave(
    new Map([
      ['one replica', async () => (await one.measure(request)).milliseconds],
      ['two replicas', async () => (await two.measure(request)).milliseconds],
      [
        'two processes',
        async () => {
          const answers = await Promise.all(halves.map((worker) => worker.measure(half)));
          return Math.max(...answers.map(({ milliseconds }) => milliseconds));
        },
      ],
    ]),
    rounds,
  );
  for (const worker of [one, two, ...halves]) worker.stop();
  const ratio = medians.of('one replica') / medians.of('two replicas');
  const limit = medians.of('one replica') / medians.of('two processes');
  console.log(
    `cnn batch 256, one thread per replica: one replica / two replicas ${ratio.toFixed(2)}x; ` +
      `two processes with nothing to exchange ${limit.toFixed(2)}x`,
  );
  return { model: 'cnn', batch: 256, ratio, limit };
}
