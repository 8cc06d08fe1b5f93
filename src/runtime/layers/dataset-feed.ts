/** A dataset as a model is fed with it: the next element is asked for, and placed, while a step runs. Touches the dataset. */
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
  /** How many elements may still be asked for ahead. */
  #left: number;
  #source: Iterator | undefined;
  #ahead: Promise<Element> | undefined;
  #placed: PlacedBatch[] = [];
  #ended = false;

  /** @param steps - How many elements will be needed: none beyond them is asked for ahead. 0: none is. */
  constructor(tf: TensorFlowJs, feed: StepFeed, steps: number) {
    this.#tf = tf;
    this.#feed = feed;
    this.#left = steps;
  }

  /** The same dataset, fed. */
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

  /** Asks for the next element: called when a step has been started. */
  prefetch(): void {
    // The rows of the step that was started: its function holds what it needs.
    for (const placed of this.#placed.splice(0)) placed.dispose();
    if (this.#left <= 0 || this.#ahead !== undefined || this.#source === undefined) return;
    const ahead = this.#source.next().then((element) => this.#place(element));
    // Whoever asks for the element hears of it.
    ahead.catch(() => undefined);
    this.#ahead = ahead;
  }

  #place(element: Element): Element {
    if (element.done === true || this.#ended) return element;
    try {
      this.#placed.push(this.#feed.place(tensorsOf(element.value)));
    } catch {
      // Not a batch of one size: TensorFlow.js says what is wrong with it.
    }
    return element;
  }

  /** Releases an element that nobody will ask for, as soon as it is there. */
  #drop(): void {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    void ahead?.then(
      (element) => element.done === true || this.#tf.dispose(tensorsOf(element.value)),
      () => undefined,
    );
  }

  /** Releases what is left when training has ended, however it did. */
  dispose(): void {
    this.#ended = true;
    this.#drop();
    for (const placed of this.#placed.splice(0)) placed.dispose();
  }
}
