/** `profile`, as users import it: where the time of training goes. Writes a file if asked to. */
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { ENGINES } from './engines/engine-table.js';
import { type ChromeTrace, chromeTrace } from './trace/chrome-trace.js';

/** Options of {@link profile}. */
export interface ProfileOptions {
  /** Where to write the trace, as JSON. Absent: nowhere. */
  readonly path?: string | undefined;
}

/** What {@link profile} gives. */
export interface ProfileResult<Result> {
  /** What the function gave. */
  readonly result: Result;
  /** For chrome://tracing and https://ui.perfetto.dev. */
  readonly trace: ChromeTrace;
}

/**
 * Runs `fn` and notes, for the traced steps that it runs, when each device computed, exchanged values with the others (`collective`) and
 * had nothing to do (`input wait`), and what the JavaScript thread did for them. Times of devices are TensorFlow's own, read inside the
 * step's function; on a GPU they are those at which the host had launched the work.
 *
 * While it runs, steps are recorded anew, with clocks in them; steps that run eagerly are not seen.
 *
 * @param fn - May be async.
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` without a TensorFlow library, `STRATEGY_MISUSE` when a profile is being made already.
 */
export async function profile<Result>(
  fn: () => Result | Promise<Result>,
  { path }: ProfileOptions = {},
): Promise<ProfileResult<Awaited<Result>>> {
  const entry = ENGINES.find(({ name, probe }) => name === 'tensorflow' && probe().available);
  const profiler = entry?.open().profiler;
  if (profiler === undefined) {
    throw new MirrorscopeError(
      ErrorCode.EngineUnavailable,
      'profile looks into traced steps, which need a TensorFlow library.',
      {
        hint: '`mirrorscope doctor` lists where it was looked for.',
      },
    );
  }
  if (profiler.isOn) {
    throw new MirrorscopeError(ErrorCode.StrategyMisuse, 'A profile is being made already.', {
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
  if (path !== undefined) {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(path, JSON.stringify(trace));
  }
  return { result, trace };
}
