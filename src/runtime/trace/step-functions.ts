/** Finds the functions of a step, and traces those that are missing. Touches what makeReplicaFunction touches. */
import type { ReplicaFunction } from './replica-function.js';
import type { ReplicaPart } from './replica-part.js';
import type { ReplicatedStepOptions } from './step-options.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { hyperparameterKey } from '../tfjs/optimizer-members.js';

import { makeReplicaFunction } from './replica-function.js';
import { TraceCache } from './trace-cache.js';
import { boardType } from './watchdog/progress-board.js';

/** Warn after this many traces: tracing takes far longer than running a step. */
const MANY_TRACES = 64;

/** The functions of one step, by the shapes and host state that they were traced with. */
export class StepFunctions {
  readonly #name: string;
  readonly #options: ReplicatedStepOptions;
  readonly #cache = new TraceCache<ReplicaFunction>();
  /** Counts all steps, also those that could not be traced. */
  #requests = 0;
  #traceCount = 0;

  /**
   * @param name - The name of the step.
   * @param options - The options of the step.
   */
  constructor(name: string, options: ReplicatedStepOptions) {
    this.#name = name;
    this.#options = options;
  }

  /**
   * Finds the function of each replica.
   *
   * @param parts - What each replica does, in replica order; at least one.
   * @param stateKey - Names the host state that the functions depend on.
   * @returns The functions, in replica order.
   * @throws {UntraceableError} when a part cannot be traced.
   */
  find(parts: readonly ReplicaPart[], stateKey: string): readonly [ReplicaFunction, ...ReplicaFunction[]] {
    this.#requests++;
    const [first, ...others] = parts.map((part, replica) => this.#functionFor(part, stateKey, replica));
    if (first === undefined) throw new RangeError('a step has one part or more');
    return [first, ...others];
  }

  #functionFor(part: ReplicaPart, stateKey: string, replica: number): ReplicaFunction {
    const data = [...part.data, ...(part.own ?? [])];
    if (data.some(({ isDisposed }) => isDisposed))
      throw new MirrorscopeError(ErrorCode.InvalidArgument, `A tensor that was passed to ${this.#name} is disposed.`);
    const key = this.#key(part, stateKey, replica, data);
    const known = this.#cache.get(key, this.#requests);
    if (known !== undefined) {
      if (known.hyperparameters === hyperparameterKey(known.optimizerSteps.keys())) return known;
      this.#cache.drop(key);
    }
    this.#cache.requireRoom(key, this.#requests);
    const fn = this.#trace(part, replica, data);
    // The recording may have shown that the key must say more.
    const finalKey = this.#key(part, stateKey, replica, data);
    if (finalKey !== key) this.#cache.drop(finalKey);
    this.#cache.set(finalKey, fn, this.#requests);
    return fn;
  }

  #key(part: ReplicaPart, stateKey: string, replica: number, data: readonly Tensor[]): string {
    const { group, profiler } = this.#options;
    const shapes = data.map(({ dtype, shape }) => `${dtype}[${shape.join(',')}]`).join(';');
    // With transfers, each replica sends and receives other values.
    const role = group.transfers === undefined ? 'any' : String(group.firstReplica + replica);
    return `${stateKey}|${part.key}|${role}|${shapes}|${profiler.isOn ? 'timed' : ''}`;
  }

  #trace(part: ReplicaPart, replica: number, data: readonly Tensor[]): ReplicaFunction {
    const { environment, replicas, core, group, uniqueIds, seed, profiler } = this.#options;
    const name = uniqueIds.functionName(this.#name);
    const timed = profiler.isOn;
    const fn = profiler.span(`record ${this.#name}`, () =>
      makeReplicaFunction({
        environment,
        core,
        group,
        replica: group.firstReplica + replica,
        seed,
        boardType: boardType(replicas.map(({ device }) => device)),
        timed,
        name,
        data,
        body: part.body,
      }),
    );
    this.#traceCount++;
    if (this.#traceCount === MANY_TRACES) warnOfRetracing(this.#name);
    return fn;
  }
}

function warnOfRetracing(name: string): void {
  console.warn(
    `mirrorscope: "${name}" was recorded ${String(MANY_TRACES)} times, and will be again: each shape of its tensors, each number or text among its arguments and each compile ` +
      'needs a recording of its own, which takes far longer than a step. Pass numbers that change as tensors, and pad inputs to a few shapes.',
  );
}
