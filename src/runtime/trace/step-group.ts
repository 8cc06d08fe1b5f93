/**
 * Steps that end, fail and are undone as one: what one training step launches in several functions. Touches what its
 * steps touch.
 */
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { InFlightStep } from './in-flight-step.js';
import type { ReplicaDevice } from './replica-device.js';

/** A group that grows while its steps are launched. */
export class StepGroup implements InFlightStep {
  readonly #steps: InFlightStep[] = [];

  /**
   * Adds a step.
   *
   * @param step - The step that was launched last.
   */
  add(step: InFlightStep): void {
    this.#steps.push(step);
  }

  get replicas(): readonly ReplicaDevice[] {
    return this.#steps.at(-1)?.replicas ?? [];
  }

  /** Those of the last step: when a step fails, its queue also fails everything after it. */
  get results(): readonly TensorHandle[] {
    return this.#steps.at(-1)?.results ?? [];
  }

  get name(): string {
    return this.#steps.at(-1)?.name ?? '';
  }

  get cancellation(): InFlightStep['cancellation'] {
    const all = this.#steps.flatMap(({ cancellation }) => cancellation ?? []);
    return {
      cancel() {
        for (const each of all) each.cancel();
      },
      delete() {
        for (const each of all) each.delete();
      },
      get timedOut() {
        return all.map((each) => each.timedOut).find((found) => found !== undefined);
      },
    };
  }

  get peers(): InFlightStep['peers'] {
    return this.#steps.at(-1)?.peers;
  }

  waitsIn(): ReturnType<NonNullable<InFlightStep['waitsIn']>> {
    return this.#steps.map((step) => step.waitsIn?.()).find((found) => found !== undefined);
  }

  undo(): void {
    for (const step of this.#steps.toReversed()) step.undo();
  }

  settle(): void {
    for (const step of this.#steps) step.settle();
    // The owner of the group unpins the results of the last step.
    for (const { results } of this.#steps.slice(0, -1)) for (const handle of results) handle.unpin();
  }
}
