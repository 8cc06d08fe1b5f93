/** Compares what two scripts trained, step by step. Pure. */
import type { StepRecord } from './run-scripts.js';

/** The first place where two sequences part. */
export interface LossDifference {
  /** 1-based, counted over all models of the script. */
  readonly step: number;
  /** `loss` or the name of a metric; absent where the steps themselves do not correspond. */
  readonly name?: string;
  readonly before?: number | string;
  readonly after?: number | string;
  readonly message: string;
}

/** The outcome of a comparison. */
export interface LossComparison {
  /** Absent when the sequences agree. */
  readonly difference?: LossDifference;
  /** How many steps were compared. */
  readonly steps: number;
  /** The largest difference seen, relative to the larger of 1 and the old value. */
  readonly largest: number;
}

/**
 * Both must have the same steps, on the same models in the same order, and agree in every loss, and in
 * every metric that both report, within `tolerance` relative to the larger of 1 and the old value.
 */
export function compareLosses(
  before: readonly StepRecord[],
  after: readonly StepRecord[],
  tolerance: number,
): LossComparison {
  const steps = Math.min(before.length, after.length);
  let largest = 0;
  for (let index = 0; index < steps; index++) {
    const compared = compareStep(before[index]!, after[index]!, index + 1, tolerance);
    if (typeof compared !== 'number') return { difference: compared, steps: index + 1, largest };
    largest = Math.max(largest, compared);
  }
  if (before.length === after.length) return { steps, largest };
  const message = `The old script trained ${before.length} steps, the new one ${after.length}.`;
  return { difference: { step: steps + 1, message }, steps, largest };
}

function compareStep(before: StepRecord, after: StepRecord, step: number, tolerance: number): number | LossDifference {
  if (before.model !== after.model) {
    return {
      step,
      message: `Step ${step} trains model ${before.model + 1} before and model ${after.model + 1} after.`,
    };
  }
  const later = new Map(Object.entries(after.losses));
  let largest = 0;
  for (const [name, old] of Object.entries(before.losses)) {
    const now = later.get(name);
    if (now === undefined) {
      if (name === 'loss') return { step, name, before: old, message: `Step ${step} reports no loss after.` };
      continue;
    }
    const distance = relativeDistance(old, now);
    // Written so that a distance that is not a number fails.
    if (!(distance <= tolerance)) {
      const message = `Step ${step}: ${name} was ${old} before and is ${now} after.`;
      return { step, name, before: old, after: now, message };
    }
    largest = Math.max(largest, distance);
  }
  return largest;
}

function relativeDistance(old: number | string, now: number | string): number {
  if (typeof old !== 'number' || typeof now !== 'number') return Number.NaN;
  return Math.abs(old - now) / Math.max(1, Math.abs(old));
}
