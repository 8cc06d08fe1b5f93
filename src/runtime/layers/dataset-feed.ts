/**
 * Reads the next element of a dataset, and copies it to the devices, while a step runs. Touches the dataset and
 * tensors.
 */
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { PlacedBatch, StepFeed } from './model-functions.js';
import type { data, Tensor, TensorContainer } from '@tensorflow/tfjs';

import { flattenStructure, isTensor } from '../distribute/nest.js';

type Dataset = data.Dataset<TensorContainer>;
type Iterator = Awaited<ReturnType<Dataset['iterator']>>;
type Element = Awaited<ReturnType<Iterator['next']>>;

function tensorsOf(value: unknown): Tensor[] {
  return flattenStructure(value).filter(isTensor) as Tensor[];
}

/** Feeds one `fitDataset` or `evaluateDataset`. */
export class DatasetFeed {
  readonly #tf: TensorFlowJs;
  readonly #feed: StepFeed;
  /** How many elements may still be read ahead. */
  #left: number;
  #source: Iterator | undefined;
  #ahead: Promise<Element> | undefined;
  #placed: PlacedBatch[] = [];
  #ended = false;

  /**
   * Starts a feed.
   *
   * @param tf - The TensorFlow.js to compute with.
   * @param feed - Copies batches to the devices.
   * @param steps - How many elements the steps need. The feed reads none beyond them ahead; 0: none at all.
   */
  constructor(tf: TensorFlowJs, feed: StepFeed, steps: number) {
    this.#tf = tf;
    this.#feed = feed;
    this.#left = steps;
  }

  /** Wraps the dataset, so that its elements come from this feed. */
  over(dataset: Dataset): Dataset {
    const iterator = async (): Promise<Iterator> => {
      const source = await dataset.iterator();
      this.#drop();
      this.#source = source;
      return Object.create(source, { next: { value: () => this.#nextOf(source) } }) as Iterator;
    };
    return Object.create(dataset, { iterator: { value: iterator } }) as Dataset;
  }

  async #nextOf(source: Iterator): Promise<Element> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    this.#left--;
    const element = await (ahead ?? source.next());
    await this.#feed.ready();
    return element;
  }

  /** Reads the next element ahead. Call it once a step has started. */
  prefetch(): void {
    // The started step holds its own references to these rows.
    for (const placed of this.#placed.splice(0)) placed.dispose();
    if (this.#left <= 0 || this.#ahead !== undefined || this.#source === undefined) return;
    const ahead = this.#source.next().then((element) => this.#place(element));
    // The error reaches the caller that reads the element.
    ahead.catch(() => undefined);
    this.#ahead = ahead;
  }

  #place(element: Element): Element {
    if (element.done === true || this.#ended) return element;
    try {
      this.#placed.push(this.#feed.place(tensorsOf(element.value)));
    } catch {
      // The tensors differ in their number of rows. TensorFlow.js reports the error when it reads the element.
    }
    return element;
  }

  /** Releases an element that no step needs, once it has been read. */
  #drop(): void {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    void ahead?.then(
      (element) => {
        if (element.done !== true) this.#tf.dispose(tensorsOf(element.value));
      },
      () => undefined,
    );
  }

  /** Releases the rest when training has ended, also with an error. */
  dispose(): void {
    this.#ended = true;
    this.#drop();
    for (const placed of this.#placed.splice(0)) placed.dispose();
  }
}
