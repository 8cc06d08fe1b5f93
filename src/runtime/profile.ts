/** `profile` shows users where the time of training goes. Writes a file on request. */
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { ENGINES } from './engines/engine-table.js';
import { type ChromeTrace, chromeTrace } from './trace/chrome-trace.js';

/** Options of {@link profile}. */
export interface ProfileOptions {
  /** The path of a JSON file to write the trace to. By default, no file is written. */
  readonly path?: string | undefined;
}

/** The outcome of {@link profile}. */
export interface ProfileResult<Result> {
  /** The result of the function. */
  readonly result: Result;
  /** A trace for chrome://tracing and https://ui.perfetto.dev. */
  readonly trace: ChromeTrace;
}

/**
 * Runs `fn` and measures its traced steps: when each device computes, exchanges values with the others (`collective`)
 * and waits for input (`input wait`), and what the JavaScript thread does meanwhile. TensorFlow measures the times of
 * devices inside the step's function; on a GPU they are the times at which the host launched the work.
 *
 * The first step of each kind is traced again, with clocks in it. Steps that run eagerly do not appear.
 *
 * @param fn - Trains, evaluates or predicts. May be async.
 * @param options - Where to write the trace.
 * @returns The result of `fn`, and the trace; its times are in microseconds.
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` without a TensorFlow library; `STRATEGY_MISUSE` while another profile
 *   runs.
 *
 * @example
 * ```js
 * const { trace } = await profile(() => model.fit(x, y, { epochs: 1 }), { path: 'trace.json' });
 * ```
 */
export async function profile<Result>(
  fn: () => Result | Promise<Result>,
  options: ProfileOptions = {},
): Promise<ProfileResult<Awaited<Result>>> {
  const entry = ENGINES.find((candidate) => candidate.name === 'tensorflow' && candidate.probe().available);
  const profiler = entry?.open().profiler;
  if (profiler === undefined) {
    throw new MirrorscopeError(
      ErrorCode.EngineUnavailable,
      'profile measures traced steps, which need a TensorFlow library.',
      {
        hint: '`mirrorscope doctor` lists where it looked for one.',
      },
    );
  }
  if (profiler.isOn) {
    throw new MirrorscopeError(ErrorCode.StrategyMisuse, 'Another profile is still running.', {
      hint: 'Wait for the first profile to end.',
    });
  }
  profiler.start();
  let result: Awaited<Result>;
  try {
    result = await fn();
  } catch (error) {
    await profiler.stop();
    throw error;
  }
  const trace = chromeTrace(await profiler.stop());
  const { path } = options;
  if (path !== undefined) {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(path, JSON.stringify(trace));
  }
  return { result, trace };
}
