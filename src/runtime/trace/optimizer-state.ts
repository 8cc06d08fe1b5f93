/**
 * What a tfjs optimizer keeps on the host, outside variables: its learning rate, its other numbers, its step count, and
 * tensors that hold a hyperparameter. A traced step must follow the first, depends on the second, and advances the third.
 */
import type { Optimizer, Tensor } from '@tensorflow/tfjs';

/** The members of an optimizer, all of them numbers, tensors, or something else. */
type Members = Record<string, unknown>;

const ADVANCING = 'iterations_';
const FOLLOWED = 'learningRate';

/** The learning rate, where the optimizer has one as a plain number. */
export function learningRateOf(optimizer: Optimizer): number | undefined {
  const rate = (optimizer as unknown as Members)[FOLLOWED];
  return typeof rate === 'number' ? rate : undefined;
}

/** Runs `body` with another learning rate on the optimizer. */
export function withLearningRate<Result>(optimizer: Optimizer, rate: number, body: () => Result): Result {
  const members = optimizer as unknown as Members;
  const before = members[FOLLOWED];
  members[FOLLOWED] = rate;
  try {
    return body();
  } finally {
    members[FOLLOWED] = before;
  }
}

/** A string that changes when a frozen hyperparameter does. */
export function hyperparameterKey(optimizer: Optimizer): string {
  const frozen = Object.entries(optimizer as unknown as Members).filter(
    ([name, value]) => name !== FOLLOWED && name !== ADVANCING && (typeof value === 'number' || typeof value === 'boolean'),
  );
  return `${optimizer.getClassName()}(${frozen.map(([name, value]) => `${name}=${String(value)}`).join(',')})`;
}

/** Runs `body` and puts every number of the optimizer back; tells how far each advanced. */
export function withoutAdvancing<Result>(optimizer: Optimizer, body: () => Result): { result: Result; advanced: ReadonlyMap<string, number> } {
  const members = optimizer as unknown as Members;
  const before = Object.entries(members).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  const advanced = new Map<string, number>();
  try {
    const result = body();
    for (const [name, value] of before) {
      const now = members[name];
      if (typeof now === 'number' && now !== value) advanced.set(name, now - value);
    }
    const now = members[ADVANCING];
    if (typeof now === 'number' && !before.some(([name]) => name === ADVANCING)) advanced.set(ADVANCING, now);
    return { result, advanced };
  } finally {
    for (const [name, value] of before) members[name] = value;
    if (!before.some(([name]) => name === ADVANCING)) delete members[ADVANCING];
  }
}

/** Advances the step count as one step did while recording. */
export function advance(optimizer: Optimizer, advanced: ReadonlyMap<string, number>): void {
  const members = optimizer as unknown as Members;
  for (const [name, by] of advanced) members[name] = ((members[name] as number | undefined) ?? 0) + by;
}

/** Tensors (not variables) that the optimizer holds in members of its own: it may replace them between steps. */
export function heldTensors(optimizer: Optimizer): Map<string, Tensor> {
  const held = new Map<string, Tensor>();
  for (const [name, value] of Object.entries(optimizer as unknown as Members)) {
    const isTensor = value !== null && typeof value === 'object' && 'dataId' in value && !('trainable' in value);
    if (isTensor) held.set(name, value as Tensor);
  }
  return held;
}
