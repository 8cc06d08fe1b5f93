/** Brings a dataset to where it would be without the restart. Touches the dataset and tensors. */
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { data, TensorContainer } from '@tensorflow/tfjs';

type Dataset = data.Dataset<TensorContainer>;
type Iterator = Awaited<ReturnType<Dataset['iterator']>>;

/** How far the run was. */
export interface SkippedEpochs {
  readonly epochs: number;
  /** Undefined when each epoch reads the whole dataset. */
  readonly batchesPerEpoch: number | undefined;
}

/**
 * Wraps a dataset of which some epochs were read before a restart. TensorFlow.js makes one iterator before the first
 * epoch. With `batchesPerEpoch`, it reads on from that one; otherwise, it makes another one for each epoch, and a
 * shuffled dataset draws from its random numbers each time.
 *
 * @param tf - The TensorFlow.js of the tensors.
 * @param dataset - The dataset.
 * @param skipped - What was read.
 * @returns The dataset, whose first epoch is the next one.
 */
export function resumeDataset(tf: TensorFlowJs, dataset: Dataset, skipped: SkippedEpochs): Dataset {
  const { epochs, batchesPerEpoch } = skipped;
  if (epochs === 0) return dataset;
  let isFirst = true;
  const iterator = async (): Promise<Iterator> => {
    const first = await dataset.iterator();
    if (!isFirst) return first;
    isFirst = false;
    if (batchesPerEpoch === undefined) {
      // Made, but not read.
      for (let epoch = 0; epoch < epochs; epoch++) await dataset.iterator();
      return first;
    }
    for (let batch = 0; batch < epochs * batchesPerEpoch; batch++) {
      const element = await first.next();
      if (element.done) break;
      tf.dispose(element.value);
    }
    return first;
  };
  return Object.create(dataset, { iterator: { value: iterator } }) as Dataset;
}
