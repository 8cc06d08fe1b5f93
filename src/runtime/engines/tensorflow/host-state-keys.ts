/**
 * Names the host state of a model that a recorded step depends on. When the name changes, the step is traced again.
 * Pure.
 */
import type { DistributableModel } from '../../tfjs/layers-model.js';

/** Makes the keys. Objects are numbered by identity. */
export class HostStateKeys {
  readonly #numbers = new WeakMap<object, number>();
  #next = 0;

  #numberOf(value: object | undefined): number {
    if (value === undefined) return 0;
    const known = this.#numbers.get(value) ?? ++this.#next;
    this.#numbers.set(value, known);
    return known;
  }

  /** Changes when the model is compiled again, and when one of the compiled weights is frozen or unfrozen. */
  trainingKey(model: DistributableModel): string {
    const variables = model.collectedTrainableWeights.map((weight) => weight.read());
    const trainable = variables.flatMap(({ name, trainable }) => (trainable ? [name] : [])).join(',');
    return `${this.testKey(model)}:${this.#numberOf(model.optimizer_)}:${trainable}`;
  }

  /** Changes when the model is compiled again. */
  testKey(model: DistributableModel): string {
    const { lossFunctions, metricsTensors } = model;
    return `${this.predictKey(model)}:${this.#numberOf(lossFunctions)}:${this.#numberOf(metricsTensors)}`;
  }

  /** Never changes. */
  predictKey(model: DistributableModel): string {
    return String(this.#numberOf(model));
  }
}
