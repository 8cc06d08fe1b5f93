/**
 * A step that XLA runs: compiled once for each shape of its inputs, then one call. A step that cannot be written in
 * StableHLO runs on TensorFlow instead. Touches tfjs variables (reads and assigns them). Writes to the console.
 */
import type { PjrtBuffer } from '../../pjrt/pjrt-buffer.js';
import type { PjrtClient } from '../../pjrt/pjrt-client.js';
import type { Launch } from '../../pjrt/pjrt-executable.js';
import type { TensorHandle } from '../../tensorflow/tensor-handle.js';
import type { ReplicaPart } from '../../trace/replica-part.js';
import type { ReplicatedStepOptions } from '../../trace/step-options.js';
import type { TracedStep } from '../tensorflow/traced-step.js';
import type { LaunchedSteps } from './launched-steps.js';
import type { PjrtValues } from './pjrt-value.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { PjrtError } from '../../pjrt/pjrt-error.js';
import { hyperparameterKey } from '../../tfjs/optimizer-members.js';
import { addSteps } from '../../tfjs/optimizer-steps.js';
import { copiesOf } from '../../tfjs/replica-copies.js';
import { StepVariables } from '../../trace/step-variables.js';
import { TraceCache } from '../../trace/trace-cache.js';

import { stepFailed } from './launched-steps.js';
import { NoLoweringError } from './lowering/no-lowering-error.js';
import { StepArguments } from './step-arguments.js';
import { makeStepPlan, type StepPlan } from './step-plan.js';

/** What the steps of one engine share. */
export interface PjrtParts {
  readonly client: PjrtClient;
  readonly launched: LaunchedSteps;
  readonly values: PjrtValues;
  /** Programs with more operations are not compiled; by default, all are. */
  readonly mostOperations?: number | undefined;
  /** Says once why a step runs on TensorFlow. */
  readonly notify: (step: string, reason: string) => void;
}

/** One step of one model. */
export class PjrtStep implements TracedStep {
  readonly #name: string;
  readonly #options: ReplicatedStepOptions;
  readonly #parts: PjrtParts;
  readonly #fallback: TracedStep;
  readonly #arguments: StepArguments;
  readonly #variables: StepVariables;
  readonly #cache = new TraceCache<StepPlan>();
  /** Why steps, by key, run on TensorFlow. */
  readonly #withoutPlan = new Map<string, string>();
  #requests = 0;
  #isTogether = false;
  /** How many times the step ran. Random operations in it draw from this counter. */
  steps = 0;

  /**
   * @param name - Names the step in errors: `train`, `test`, …
   * @param options - Shared with other steps.
   * @param parts - Shared with all steps of the engine.
   * @param fallback - The same step on TensorFlow.
   */
  constructor(name: string, options: ReplicatedStepOptions, parts: PjrtParts, fallback: TracedStep) {
    this.#name = name;
    this.#options = options;
    this.#parts = parts;
    this.#fallback = fallback;
    this.#arguments = new StepArguments(options, parts.client, parts.values);
    this.#variables = new StepVariables(options.environment);
  }

  together<Result>(body: () => Result): Result {
    // The micro-batches of a step are undone as one, which TensorFlow's steps can do.
    this.#parts.notify(this.#name, 'a step with gradientAccumulationSteps');
    this.#isTogether = true;
    try {
      return this.#fallback.together(body);
    } finally {
      this.#isTogether = false;
    }
  }

  trace(parts: readonly ReplicaPart[], stateKey: string): void {
    this.#fallback.trace(parts, stateKey);
  }

  run(parts: readonly ReplicaPart[], stateKey: string): Tensor[][] {
    const plan = this.#isTogether ? undefined : this.#planOf(parts, stateKey);
    if (plan === undefined || typeof plan === 'string') {
      if (plan !== undefined) this.#parts.notify(this.#name, plan);
      return this.#runFallback(parts, stateKey);
    }
    const { profiler } = this.#options;
    profiler.span('wait for a step', () => {
      this.#parts.launched.makeRoom();
    });
    return profiler.span(`dispatch ${this.#name}`, () => this.#launch(plan, parts));
  }

  /**
   * Compiles a step without running it.
   *
   * @param parts - As for {@link run}.
   * @param stateKey - As for {@link run}.
   * @returns Undefined when XLA can run it with the results of TensorFlow; else why not.
   */
  prepare(parts: readonly ReplicaPart[], stateKey: string): string | undefined {
    try {
      const plan = this.#planOf(parts, stateKey);
      if (typeof plan === 'string') return `XLA cannot run ${plan}`;
      if (plan.parts.some(({ usesCounter }) => usesCounter)) return 'on XLA it would draw other random numbers';
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  #runFallback(parts: readonly ReplicaPart[], stateKey: string): Tensor[][] {
    this.#fallback.steps = this.steps;
    try {
      return this.#fallback.run(parts, stateKey);
    } finally {
      this.steps = this.#fallback.steps;
    }
  }

  /** Finds the plan of a step, or why it has none. */
  #planOf(parts: readonly ReplicaPart[], stateKey: string): StepPlan | string {
    this.#requests++;
    const keyed = parts.map((part) => ({ part, key: keyOf(part) }));
    const key = stepKey(parts, stateKey);
    const problem = this.#withoutPlan.get(key);
    if (problem !== undefined) return problem;
    const known = this.#cache.get(key, this.#requests);
    if (known !== undefined) {
      if (known.hyperparameters === hyperparameterKey(known.parts[0].step.optimizerSteps.keys())) return known;
      this.#cache.drop(key);
    }
    this.#cache.requireRoom(key, this.#requests);
    const plan = this.#makePlan(keyed);
    if (typeof plan === 'string') this.#withoutPlan.set(key, plan);
    else this.#cache.set(key, plan, this.#requests);
    return plan;
  }

  #makePlan(keyed: readonly { readonly part: ReplicaPart; readonly key: string }[]): StepPlan | string {
    const { profiler } = this.#options;
    try {
      return profiler.span(`record ${this.#name}`, () => makeStepPlan(this.#options, this.#parts, keyed));
    } catch (error) {
      if (error instanceof NoLoweringError) return error.subject;
      if (error instanceof PjrtError) return `such a program: ${error.message}`;
      throw error;
    }
  }

  #launch(plan: StepPlan, parts: readonly ReplicaPart[]): Tensor[][] {
    const step = this.steps++;
    const collected = plan.parts.map((recorded, replica) =>
      this.#arguments.collect(recorded, parts[replica] as ReplicaPart, {
        replica,
        step,
        device: plan.devices[replica] as (typeof plan.devices)[number],
      }),
    );
    const rows = collected.map(({ values }) => values);
    let launch: Launch;
    try {
      launch = plan.executable.launch(plan.isJoint ? [rows.flat()] : rows);
    } catch (error) {
      throw stepFailed(this.#name, error);
    } finally {
      for (const { temporary } of collected) for (const buffer of temporary) buffer.dispose();
    }
    const outputs = plan.isJoint ? splitResults(launch.results[0] ?? [], plan.resultCounts) : launch.results;
    return this.#commit(plan, outputs, launch.events);
  }

  /** Assigns the new values of variables, and hands the step over to be watched until it ends. */
  #commit(plan: StepPlan, outputs: readonly (readonly PjrtBuffer[])[], events: readonly number[]): Tensor[][] {
    const [{ step }] = plan.parts;
    const { optimizerSteps, recording } = step;
    const resultCount = recording.results.length;
    const writes = [...recording.writes.keys()];
    const newValues = valuesByVariable(writes, outputs, { resultCount, isJoint: plan.isJoint });
    addSteps(optimizerSteps);
    const undoWrites = this.#variables.write(
      writes,
      newValues.map((groups) => groups.map((buffers) => this.#handleOf(buffers))),
    );
    this.#parts.launched.add({
      name: this.#name,
      events,
      undo: () => {
        addSteps(new Map([...optimizerSteps].map(([optimizer, count]) => [optimizer, -count])));
        undoWrites.undo();
      },
      settle: () => {
        undoWrites.settle();
      },
    });
    const { backend } = this.#options.environment;
    return plan.parts.map((part, replica) =>
      (outputs[replica] ?? [])
        .slice(0, part.step.recording.results.length)
        .map((buffer) => backend.tensorOf(this.#handleOf([buffer]))),
    );
  }

  #handleOf(buffers: readonly PjrtBuffer[]): TensorHandle {
    const [first, ...others] = buffers;
    if (first === undefined) throw new RangeError('a variable has no new value');
    return this.#parts.values.handleOf([first, ...others]);
  }
}

/**
 * Names the program of a step.
 *
 * @param parts - One for each replica, in replica order.
 * @param stateKey - Names the host state that the program depends on.
 * @returns The name.
 */
export function stepKey(parts: readonly ReplicaPart[], stateKey: string): string {
  return `${stateKey}|${parts.map(keyOf).join('|')}`;
}

/** Names the shapes of a part, and whatever else its program depends on. */
function keyOf({ key, data, own = [] }: ReplicaPart): string {
  return `${key}|${[...data, ...own].map(({ dtype, shape }) => `${dtype}[${shape.join(',')}]`).join(';')}`;
}

/** Divides the results of a joint program between the replicas. */
function splitResults(results: readonly PjrtBuffer[], counts: readonly number[]): PjrtBuffer[][] {
  let start = 0;
  return counts.map((count) => results.slice(start, (start += count)));
}

/**
 * Collects the new values of variables. A mirrored variable gets one handle for all devices, a variable that has a
 * value on each replica gets one handle for each.
 */
function valuesByVariable(
  writes: readonly Variable[],
  outputs: readonly (readonly PjrtBuffer[])[],
  { resultCount, isJoint }: { readonly resultCount: number; readonly isJoint: boolean },
): PjrtBuffer[][][] {
  const copied = writes.filter((variable) => copiesOf(variable) !== undefined);
  return writes.map((variable, index) => {
    const buffersOf = (replica: number): PjrtBuffer => {
      // Replicas of a joint program after the first give only variables that have a value on each.
      const place = isJoint && replica > 0 ? copied.indexOf(variable) : index;
      return outputs[replica]?.[resultCount + place] as PjrtBuffer;
    };
    if (copied.includes(variable)) return outputs.map((_, replica) => [buffersOf(replica)]);
    return [isJoint ? [buffersOf(0)] : outputs.map((_, replica) => buffersOf(replica))];
  });
}
