/**
 * A step that runs on TensorFlow or XLA, whichever is faster for it. Whatever XLA cannot do stays on TensorFlow. Writes
 * to the console.
 */
import type { ReplicaPart } from '../../trace/replica-part.js';
import type { ReplicatedStepOptions } from '../../trace/step-options.js';
import type { LaunchedSteps } from '../pjrt/launched-steps.js';
import type { PjrtStep } from '../pjrt/pjrt-step.js';
import type { TracedStep } from '../tensorflow/traced-step.js';
import type { Tensor } from '@tensorflow/tfjs';

import { stepKey } from '../pjrt/pjrt-step.js';

import { EngineTrial, type StepEngine, type TrialResult } from './engine-trial.js';

/** The two ways in which a step can run. */
export interface StepEngines {
  readonly tensorFlow: TracedStep;
  readonly xla: PjrtStep;
  /** The steps of XLA in flight. */
  readonly launched: LaunchedSteps;
  /** Called before each step. */
  readonly onRun: (engine: StepEngine) => void;
}

/** One step of one model. */
export class AutoStep implements TracedStep {
  readonly #name: string;
  readonly #options: ReplicatedStepOptions;
  readonly #engines: StepEngines;
  readonly #trials = new Map<string, EngineTrial>();
  #isTogether = false;
  /** When the last step of a trial started. */
  #lastStart = 0;
  /** How many times the step ran. */
  steps = 0;

  /**
   * @param name - Names the step: `train`, `test`, …
   * @param options - Shared with other steps.
   * @param engines - How it can run.
   */
  constructor(name: string, options: ReplicatedStepOptions, engines: StepEngines) {
    this.#name = name;
    this.#options = options;
    this.#engines = engines;
  }

  together<Result>(body: () => Result): Result {
    this.#isTogether = true;
    try {
      return this.#engines.tensorFlow.together(body);
    } finally {
      this.#isTogether = false;
    }
  }

  trace(parts: readonly ReplicaPart[], stateKey: string): void {
    this.#engines.tensorFlow.trace(parts, stateKey);
  }

  run(parts: readonly ReplicaPart[], stateKey: string): Tensor[][] {
    const { tensorFlow, xla } = this.#engines;
    const { profiler } = this.#options;
    // A profile traces steps again, with clocks in them: no time to compare.
    if (this.#isTogether) return this.#runOn(tensorFlow, parts, stateKey);
    const trial = this.#trialOf(stepKey(parts, stateKey));
    if (profiler.isOn || trial.result !== undefined) {
      const engine = trial.result?.engine ?? 'tensorflow';
      const name = `${this.#name} on ${engine === 'pjrt' ? 'XLA' : 'TensorFlow'}`;
      const reason = trial.result === undefined ? 'not compared yet' : trial.result.reason;
      return profiler.span(`${name}: ${reason}`, () =>
        this.#runOn(engine === 'pjrt' ? xla : tensorFlow, parts, stateKey),
      );
    }
    return this.#try(trial, parts, stateKey);
  }

  #trialOf(key: string): EngineTrial {
    const trial = this.#trials.get(key) ?? new EngineTrial();
    this.#trials.set(key, trial);
    return trial;
  }

  #try(trial: EngineTrial, parts: readonly ReplicaPart[], stateKey: string): Tensor[][] {
    const { tensorFlow, xla } = this.#engines;
    const { engine, isTimed, isAlone } = trial.next();
    const now = performance.now();
    if (isTimed) trial.add(engine, now - this.#lastStart);
    this.#lastStart = now;
    if (trial.result !== undefined) {
      this.#announce(trial.result);
      return this.#runOn(trial.result.engine === 'pjrt' ? xla : tensorFlow, parts, stateKey);
    }
    if (engine === 'tensorflow') return this.#runOn(tensorFlow, parts, stateKey);
    if (!isAlone) return this.#runOn(xla, parts, stateKey);
    // An error of earlier steps is none of this one.
    this.#options.inFlight.endAll();
    this.#engines.launched.endAll();
    const problem = xla.prepare(parts, stateKey);
    if (problem === undefined) return this.#tryXla(trial, parts, stateKey);
    trial.withdraw(problem);
    this.#announce({ engine: 'tensorflow', reason: problem });
    return this.#runOn(tensorFlow, parts, stateKey);
  }

  /** Runs a step on XLA. When it fails, it is undone, and runs again on TensorFlow. */
  #tryXla(trial: EngineTrial, parts: readonly ReplicaPart[], stateKey: string): Tensor[][] {
    const { tensorFlow, xla, launched } = this.#engines;
    const before = this.steps;
    let results: Tensor[][] = [];
    try {
      results = this.#runOn(xla, parts, stateKey);
      launched.endAll();
      return results;
    } catch (error) {
      for (const tensor of results.flat()) tensor.dispose();
      this.steps = before;
      const reason = error instanceof Error ? error.message : String(error);
      trial.withdraw(reason);
      this.#announce({ engine: 'tensorflow', reason });
      return this.#runOn(tensorFlow, parts, stateKey);
    }
  }

  #runOn(step: TracedStep, parts: readonly ReplicaPart[], stateKey: string): Tensor[][] {
    this.#engines.onRun(step === this.#engines.xla ? 'pjrt' : 'tensorflow');
    step.steps = this.steps;
    try {
      return step.run(parts, stateKey);
    } finally {
      this.steps = step.steps;
    }
  }

  #announce({ engine, reason }: TrialResult): void {
    const where = engine === 'pjrt' ? 'XLA' : 'TensorFlow';
    console.warn(`mirrorscope: the ${this.#name} step runs on ${where}: ${reason}.`);
  }
}
