/** Decides by which engine a step runs on: each runs a few steps, and the faster one keeps the step. Pure. */

/** The engines that a step can run on. */
export type StepEngine = 'tensorflow' | 'pjrt';

/** How one step of a trial runs. */
export interface TrialTurn {
  readonly engine: StepEngine;
  /** Whether the time of the step counts. The first steps of an engine are slower. */
  readonly isTimed: boolean;
}

/** How a trial ended. */
export interface TrialResult {
  readonly engine: StepEngine;
  /** In a few words. */
  readonly reason: string;
}

/** Steps of an engine before those that are timed: the first one records or compiles. */
const UNTIMED = 2;
const TIMED = 5;
const STEPS = UNTIMED + TIMED;

function median(times: readonly number[]): number {
  return [...times].sort((one, other) => one - other)[Math.floor(times.length / 2)] ?? NaN;
}

/** The trial of one step: first on TensorFlow, which starts faster, then on XLA. */
export class EngineTrial {
  readonly #times: Record<StepEngine, number[]> = { tensorflow: [], pjrt: [] };
  #started = 0;
  #result: TrialResult | undefined;

  /** How it ended; undefined while it runs. */
  get result(): TrialResult | undefined {
    return this.#result;
  }

  /** Says how the next step runs. */
  next(): TrialTurn {
    const turn = this.#started++;
    if (this.#result !== undefined) return { engine: this.#result.engine, isTimed: false };
    const engine = turn < STEPS ? 'tensorflow' : 'pjrt';
    return { engine, isTimed: turn % STEPS >= UNTIMED };
  }

  /**
   * Adds the time of a step.
   *
   * @param engine - Where it ran.
   * @param milliseconds - How long it took, until its results were there.
   */
  add(engine: StepEngine, milliseconds: number): void {
    this.#times[engine].push(milliseconds);
    if (this.#times.pjrt.length < TIMED) return;
    const [tensorflow, pjrt] = [median(this.#times.tensorflow), median(this.#times.pjrt)];
    const figures = `${tensorflow.toFixed(2)} ms a step on TensorFlow, ${pjrt.toFixed(2)} ms on XLA`;
    this.#result = { engine: pjrt < tensorflow ? 'pjrt' : 'tensorflow', reason: figures };
  }

  /**
   * Ends the trial without comparing.
   *
   * @param reason - Why XLA cannot run the step.
   */
  withdraw(reason: string): void {
    this.#result = { engine: 'tensorflow', reason };
  }
}
