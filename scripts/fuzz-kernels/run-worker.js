/** Runs one process of wrong calls until it has made them all, or one of them has ended it. Starts a process. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * @typedef {object} CallReport
 * @property {number} index - Number of the call.
 * @property {string} kernel - The kernel.
 * @property {string[]} changes - How the call is wrong.
 * @property {'typed' | 'accepted' | 'untyped' | 'signal' | 'hang'} outcome - How it ended.
 * @property {string} [error] - The code or the class of the error.
 * @property {string} [message] - Its message.
 * @property {string} [stack] - Where an untyped error comes from.
 */

/**
 * @typedef {object} WorkerOptions
 * @property {string} seed - Seed of the wrong calls.
 * @property {string} calls - Calls per kernel.
 * @property {number} first - The first call to make.
 * @property {string[]} kernels - The kernels.
 * @property {string} preload - A library that checks memory.
 * @property {number} timeoutSeconds - How long one call may take.
 */

const WORKER = fileURLToPath(new URL('worker.js', import.meta.url));
/** What the checking allocators read: glibc's, when it is preloaded, and AddressSanitizer. */
const CHECKS = {
  GLIBC_TUNABLES: 'glibc.malloc.check=3:glibc.malloc.perturb=165',
  ASAN_OPTIONS: 'detect_leaks=0:handle_segv=0:allocator_may_return_null=1',
};

/**
 * @param {WorkerOptions} options - What to run.
 * @returns {Promise<{ reports: CallReport[], next: number }>} The calls that ended, and the next one to make.
 */
export async function runWorker({ seed, calls, first, kernels, preload, timeoutSeconds }) {
  const child = spawn(process.execPath, [WORKER, seed, calls, String(first), ...kernels], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      TF_CPP_MIN_LOG_LEVEL: '3',
      LD_PRELOAD: preload,
      ...CHECKS,
    },
  });
  const pipe = /** @type {import('node:stream').Readable} */ (child.stdio[3]);
  /** @type {CallReport[]} */
  const reports = [];
  /** @type {CallReport | undefined} */
  let open;
  const state = { isHanging: false };
  let lastErrors = '';
  child.stderr?.on('data', (/** @type {Buffer} */ data) => {
    lastErrors = (lastErrors + data.toString()).slice(-2000);
  });
  const hang = () => {
    state.isHanging = true;
    child.kill('SIGKILL');
  };
  // The first call includes the start of TensorFlow.
  let timer = setTimeout(hang, 120_000);
  const closed = new Promise((resolve) => child.once('close', resolve));
  /** @type {AsyncIterable<string>} */
  const lines = createInterface({ input: pipe });
  for await (const line of lines) {
    clearTimeout(timer);
    timer = setTimeout(hang, timeoutSeconds * 1000);
    const parsed = /** @type {unknown} */ (JSON.parse(line));
    const told = /** @type {CallReport} */ (parsed);
    if (open?.index === told.index) {
      reports.push({ ...open, ...told });
      open = undefined;
    } else open = told;
  }
  await closed;
  clearTimeout(timer);
  const last = reports.at(-1)?.index;
  if (open === undefined) {
    if (child.exitCode !== 0 || last === undefined) {
      throw new Error(`The process ended with ${String(child.exitCode ?? child.signalCode)}: ${lastErrors}`);
    }
    return { reports, next: last + 1 };
  }
  const outcome = state.isHanging ? 'hang' : 'signal';
  const message = lastErrors.trim().split('\n').slice(-3).join(' | ');
  reports.push({ ...open, outcome, error: String(child.signalCode ?? child.exitCode), message });
  return { reports, next: open.index + 1 };
}
