/** One side of a benchmark: a process that stays warm and measures one request at a time. Starts a process. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * @typedef {object} TrainingRequest One `fit` to measure.
 * @property {string} model - Name of the model.
 * @property {number} batch - Global batch size.
 * @property {number} steps - Steps of an epoch.
 * @property {number} epochs - Epochs of the fit.
 *
 * @typedef {object} TrainingAnswer What a fit took.
 * @property {number} milliseconds - Per step.
 * @property {number} laterMilliseconds - Per step of the epochs after the first one; NaN when there are none.
 * @property {number} loss - The last epoch's loss.
 */

/**
 * @template Request, Answer
 * @typedef {object} MeasuringWorker
 * @property {(request: Request) => Promise<Answer>} measure - Measures one request.
 * @property {() => void} stop - Ends the process.
 */

/** @typedef {MeasuringWorker<TrainingRequest, TrainingAnswer>} TrainingWorker */

/**
 * Starts a worker that answers each line of JSON on its standard input with another one.
 * @template [Request=TrainingRequest]
 * @template [Answer=TrainingAnswer]
 * @param {string} program - Executable to run.
 * @param {readonly string[]} parameters - Its arguments.
 * @param {Record<string, string>} [environment] - Environment variables to add.
 * @returns {MeasuringWorker<Request, Answer>} The worker.
 */
export function startWorker(program, parameters, environment = {}) {
  const child = spawn(program, parameters, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', ...environment },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async measure(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const answer = await answers.next();
      if (answer.done === true) throw new Error(`${program} ${parameters.join(' ')} ended early`);
      /** @type {unknown} */
      const parsed = JSON.parse(answer.value);
      return /** @type {Answer} */ (parsed);
    },
    stop() {
      child.stdin.end();
      child.kill();
    },
  };
}
