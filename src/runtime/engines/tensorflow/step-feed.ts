/**
 * Prepares steps: waits for room without blocking, and copies rows to the replicas' devices ahead. Touches TensorFlow's
 * context.
 */
import type { ReplicaTopology } from '../../distribute/replica-topology.js';
import type { PlacedBatch, StepFeed } from '../../layers/model-functions.js';
import type { BatchData } from '../../tfjs/layers-model.js';
import type { ReplicatedStepOptions } from '../../trace/step-options.js';
import type { Tensor } from '@tensorflow/tfjs';

import { setPlacedRows } from '../../layers/placed-rows.js';
import { batchRows } from '../../layers/replica-batch.js';
import { tensorHandleOf } from '../../trace/tensor-handles.js';

/**
 * Makes the feed of one strategy's steps.
 *
 * @param topology - The replicas.
 * @param stepOptions - Called when there is something to feed.
 * @param shuffle - Shuffles the rows where the strategy must agree on their order.
 * @returns The feed.
 */
export function stepFeed(
  topology: ReplicaTopology,
  stepOptions: () => ReplicatedStepOptions,
  shuffle?: StepFeed['shuffle'],
): StepFeed {
  return {
    shuffle,
    ready: () => stepOptions().inFlight.ready(),
    place: (data) => stepOptions().profiler.span('place a batch', () => placeRows(topology, stepOptions(), data)),
  };
}

function placeRows(
  topology: ReplicaTopology,
  { environment, replicas }: ReplicatedStepOptions,
  data: BatchData,
): PlacedBatch {
  const { tf, backend, context } = environment;
  const kept: Tensor[] = [];
  // The only replica takes the batch as it is.
  if (topology.isReplicated) {
    tf.tidy(() => {
      const ranges = topology.localRows(batchRows(data)).filter(({ size }) => size > 0);
      for (const tensor of data) {
        if (tensor === null || tensor === undefined) continue;
        ranges.forEach((range, replica) => {
          const rows = tf.slice(tensor, [range.start], [range.size]);
          const { device } = replicas[replica] as (typeof replicas)[number];
          const placed =
            replica === 0 ? rows : backend.tensorOf(context.copyToDevice(tensorHandleOf(backend, rows), device));
          kept.push(tf.keep(placed));
          setPlacedRows(tensor, range, placed);
        });
      }
    });
  }
  return {
    dispose: () => {
      tf.dispose(kept);
    },
  };
}
