/**
 * Runs a user's function of tensors and variables as one TensorFlow function, for `tfFunction`. Touches tfjs variables.
 */
import type { DistributionStrategy } from '../../distribute/distribution-strategy.js';
import type { ReplicaRunner } from '../../distribute/ports/replica-runner.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { StepRecording } from '../../trace/step-body.js';
import type { ReplicatedStepOptions } from '../../trace/step-options.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { MirrorscopeBackend } from '../../backend/mirrorscope-backend.js';
import { currentFrame } from '../../distribute/context.js';
import { partsOf } from '../../distribute/strategy-parts.js';
import { markTraced } from '../../distribute/traced-function.js';
import { LruCache } from '../../lru-cache.js';
import { EagerExecutor } from '../../tensorflow/eager-executor.js';
import { isTapeOn } from '../../tfjs/gradient-tape.js';
import { ReplicatedStep } from '../../trace/replicated-step.js';

import { CallNames, putTensors, type SplitStructure, takeTensors } from './call-structure.js';
import { EagerFallback } from './eager-fallback.js';

/** How many recordings' results (except tensors) are remembered: more than there are traces. */
const KEPT_RESULTS = 64;

/** The parts of the engine that {@link makeTfFunction} uses. */
export interface TfFunctionHost {
  readonly runner: ReplicaRunner;
  /** Makes the options of steps that run on the default device only. */
  stepOptions(): ReplicatedStepOptions;
}

/** Checks whether a call can be traced now: it runs on our backend, outside of recordings and gradients. */
export function canTraceNow(tf: TensorFlowJs): boolean {
  const backend: unknown = tf.backend();
  // Inside a recording, the operations become part of it. Inside a gradient, TensorFlow.js must see each of them.
  return backend instanceof MirrorscopeBackend && backend.executor instanceof EagerExecutor && !isTapeOn(tf);
}

/** Describes a function for warnings. */
export function inWords({ name }: { readonly name: string }): string {
  return name === '' ? 'a function without a name' : `the function ${name}`;
}

/**
 * Rejects promises: operations after an `await` would not be recorded. @throws {MirrorscopeError} `INVALID_ARGUMENT`
 * for a promise.
 */
function requireSynchronous(returned: unknown): void {
  if (!(returned instanceof Promise)) return;
  // The error below is the one to report; a later rejection must not be unhandled.
  returned.catch(() => undefined);
  throw new MirrorscopeError(ErrorCode.InvalidArgument, 'The function that you pass to tfFunction must not be async.', {
    hint: 'Read tensors with await after the function has returned.',
  });
}

/** See {@link file://../../index.ts} `tfFunction`. */
export function makeTfFunction<Arguments extends readonly unknown[], Result>(
  host: TfFunctionHost,
  fn: (...args: Arguments) => Result,
): (...args: Arguments) => Result {
  const name = fn.name === '' ? 'function' : fn.name;
  const names = new CallNames();
  const results = new LruCache<string, unknown>(KEPT_RESULTS);
  const fallback = new EagerFallback(inWords(fn));
  let step: ReplicatedStep | undefined;

  const traced = ({ tensors, rest }: SplitStructure, key: string): Result => {
    step ??= new ReplicatedStep(name, host.stepOptions());
    const body = ({ data }: StepRecording): readonly Tensor[] => {
      const returned = fn(...(putTensors(rest, data) as Arguments));
      requireSynchronous(returned);
      const result = takeTensors(returned);
      results.set(key, result.rest);
      return result.tensors;
    };
    const [outputs = []] = step.run([{ key, data: tensors, body }], '');
    return putTensors(results.get(key), outputs) as Result;
  };

  const wrapper = (...args: Arguments): Result => {
    if (!canTraceNow(host.runner.tf)) return fn(...args);
    const frame = currentFrame();
    if (frame?.replica !== undefined) {
      if (frame.isRun !== true || partsOf(frame.strategy).runner !== host.runner) return fn(...args);
      // All replicas run the function together.
      return frame.replica.mergeCall(
        (strategy: DistributionStrategy, ...own: unknown[]) => strategy.run(wrapper as never, own as never),
        [...args],
      ) as Result;
    }
    const call = takeTensors(args);
    const key = names.nameOf(call);
    return fallback.run(
      key,
      () => traced(call, key),
      () => fn(...args),
    );
  };
  markTraced(wrapper, fn);
  return wrapper;
}
