// One side of the comparison: a process that stays warm and measures what it is told, one request at a time.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Starts a worker that speaks the protocol of keras_worker.py. */
export function startWorker(command, parameters, environment = {}) {
  const child = spawn(command, parameters, {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', ...environment },
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /** @returns {Promise<{milliseconds: number, loss: number}>} */
    async measure(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`${command} ${parameters.join(' ')} ended early`);
      return JSON.parse(value);
    },
    stop() {
      child.stdin.end();
      child.kill();
    },
  };
}
