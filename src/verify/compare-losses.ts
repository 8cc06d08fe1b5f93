/** Compares the losses of two training scripts step by step. Pure. */
import type { StepRecord } from './run-scripts.js';

/** The first step at which two runs differ. */
export interface LossDifference {
  /** 1-based, counted over all models of the script. */
  readonly step: number;
  /** `loss` or the name of a metric; missing when the steps themselves do not correspond. */
  readonly name?: string;
  readonly before?: number | string;
  readonly after?: number | string;
  readonly message: string;
}

/** The outcome of a comparison. */
export interface LossComparison {
  /** Missing when the runs agree. */
  readonly difference?: LossDifference;
  /** How many steps were compared. */
  readonly steps: number;
  /** The largest difference, relative to the larger of 1 and the old value. */
  readonly largest: number;
}

/**
 * Compares two runs. They agree when they have the same steps on the same models in the same order, and the same
 * losses; metrics count where both runs report them.
 *
 * @param before - The steps of the old script.
 * @param after - The steps of the new script.
 * @param tolerance - The largest difference that counts as equal, relative to the larger of 1 and the old value.
 * @returns The first difference, if there is one, and how far the runs were compared.
 */
export function compareLosses(
  before: readonly StepRecord[],
  after: readonly StepRecord[],
  tolerance: number,
): LossComparison {
  const steps = Math.min(before.length, after.length);
  let largest = 0;
  for (const [index, old] of before.slice(0, steps).entries()) {
    const compared = compareStep(old, after[index], index + 1, tolerance);
    if (typeof compared !== 'number') return { difference: compared, steps: index + 1, largest };
    largest = Math.max(largest, compared);
  }
  if (before.length === after.length) return { steps, largest };
  const message = `The old script trained ${before.length} steps, the new one ${after.length}.`;
  return { difference: { step: steps + 1, message }, steps, largest };
}

/** Compares one step. Returns the largest relative difference when the step agrees. */
function compareStep(
  before: StepRecord,
  after: StepRecord | undefined,
  step: number,
  tolerance: number,
): number | LossDifference {
  if (after === undefined) return { step, message: `The new script has no step ${step}.` };
  if (before.model !== after.model) {
    return {
      step,
      message: `Step ${step} trains model ${before.model + 1} before the migration and model ${after.model + 1} after it.`,
    };
  }
  const later = new Map(Object.entries(after.losses));
  let largest = 0;
  for (const [name, old] of Object.entries(before.losses)) {
    const now = later.get(name);
    if (now === undefined) {
      if (name === 'loss')
        return { step, name, before: old, message: `Step ${step} of the new script reports no loss.` };
      continue;
    }
    const distance = relativeDistance(old, now);
    // Written like this, the check also rejects a distance of NaN.
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
