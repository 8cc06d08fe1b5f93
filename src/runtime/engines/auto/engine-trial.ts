/** Decides by which engine a step runs on: each runs a few steps, and the faster one keeps the step. Pure. */

/** The engines that a step can run on. */
export type StepEngine = 'tensorflow' | 'pjrt';

/** How one step of a trial runs. */
export interface TrialTurn {
  readonly engine: StepEngine;
  /** Whether the time since the last step counts. The first steps of an engine are slower. */
  readonly isTimed: boolean;
  /** Whether the step must have ended before the next one starts, so that it can be repeated when it fails. */
  readonly isAlone: boolean;
}

/** How a trial ended. */
export interface TrialResult {
  readonly engine: StepEngine;
  /** In a few words. */
  readonly reason: string;
}

/** Steps of an engine before those that are timed: the first one records or compiles, others fill the queue. */
const UNTIMED = 5;
const TIMED = 9;
/** The first steps of XLA: a program that cannot run fails in the first one. */
const ALONE = 2;
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
    if (this.#result !== undefined) return { engine: this.#result.engine, isTimed: false, isAlone: false };
    const engine = turn < STEPS ? 'tensorflow' : 'pjrt';
    return { engine, isTimed: turn % STEPS >= UNTIMED, isAlone: engine === 'pjrt' && turn % STEPS < ALONE };
  }

  /**
   * Adds the time between the starts of two steps. Steps that are in flight together overlap, so this is what a step
   * takes, and the time until its results are there is not.
   *
   * @param engine - Where they ran.
   * @param milliseconds - The time.
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
