/** Steps that belong together: what one fit step launches in several functions ends, fails and is undone as one. */
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { InFlightStep } from './in-flight-steps.js';
import type { ReplicaDevice } from './replica-device.js';

/** Grows while its steps are launched. */
export class StepGroup implements InFlightStep {
  readonly #steps: InFlightStep[] = [];

  add(step: InFlightStep): void {
    this.#steps.push(step);
  }

  get places(): readonly ReplicaDevice[] {
    return this.#steps.at(-1)?.places ?? [];
  }

  /** Those of the last step: when a step fails, its queue fails what comes after it, too. */
  get results(): readonly TensorHandle[] {
    return this.#steps.at(-1)?.results ?? [];
  }

  get name(): string {
    return this.#steps.at(-1)?.name ?? '';
  }

  get cancellation(): InFlightStep['cancellation'] {
    const all = this.#steps.flatMap(({ cancellation }) => cancellation ?? []);
    return {
      cancel: () => {
        all.forEach((each) => {
          each.cancel();
        });
      },
      delete: () => {
        all.forEach((each) => {
          each.delete();
        });
      },
      get timedOut() {
        return all.map((each) => each.timedOut).find((found) => found !== undefined);
      },
    };
  }

  undo(): void {
    for (const step of [...this.#steps].reverse()) step.undo();
  }

  settle(): void {
    for (const step of this.#steps) step.settle();
    // The results of the last step are let go of by whoever looks after the group.
    for (const { results } of this.#steps.slice(0, -1)) for (const handle of results) handle.unpin();
  }
}
