/**
 * Runs a training step in micro-batches. Each replica's function adds the gradients of one micro-batch to the sum so
 * far, on its own device. Only the function of the last micro-batch reduces and applies the gradients. Touches what the
 * step touches.
 */
import type { DistributionStrategy } from '../../distribute/distribution-strategy.js';
import type { BatchData, DistributableModel } from '../../tfjs/layers-model.js';
import type { TracedStep } from './traced-step.js';
import type { TrainingStep } from './training-step.js';
import type { Scalar, Tensor } from '@tensorflow/tfjs';

import { runInReplica } from '../../distribute/run-replicas.js';
import { partsOf } from '../../distribute/strategy-parts.js';
import { microBatches } from '../../layers/micro-batches.js';
import { batchRows } from '../../layers/replica-batch.js';

import { type ShareBody, sharePart } from './batch-parts.js';
import { partsNamingReplica } from './replica-errors.js';
import { TracedStates } from './traced-states.js';
import { createTracingContext } from './tracing-context.js';

/** The parts of an accumulated step. */
export interface AccumulatedStepParts {
  readonly strategy: DistributionStrategy;
  readonly model: DistributableModel;
  readonly training: TrainingStep;
  readonly step: TracedStep;
  readonly stateKey: string;
  /** The number of micro-batches: 2 or more. Each replica has a row in each of them. */
  readonly count: number;
}

/** Trains on a batch. @returns The loss and metrics of the batch. */
export function runAccumulatedStep(
  { strategy, model, training, step, stateKey, count }: AccumulatedStepParts,
  data: BatchData,
): Scalar[] {
  const strategyParts = partsOf(strategy);
  const { runner, topology } = strategyParts;
  const { tf } = runner;
  const rows = batchRows(data);
  const participants = topology.replicaCount;
  const states = new TracedStates(strategyParts, model);
  const whole = states.appendTo(data, rows);
  const ranges = topology.localRows(rows).map((range) => microBatches(range, count));
  const body: ShareBody = (recording) =>
    runInReplica(createTracingContext({ strategy, participants, allReduce: recording.allReduce }), () =>
      recording.share.isLast === true ? training.run(recording) : training.accumulate(recording),
    );
  const withStates = states.wrap(body);
  /** The new states of each replica's micro-batches. */
  const left: Tensor[][][] = ranges.map(() => []);

  return step.together(() => {
    let carried: Tensor[][] = ranges.map(() => []);
    for (let index = 0; index < count; index++) {
      const parts = ranges.map((ofReplica, replica) => {
        const range = ofReplica[index] as (typeof ofReplica)[number];
        const share = {
          size: range.size,
          weight: range.size / rows,
          participants,
          isLast: index === count - 1,
        };
        return sharePart(tf, { data: whole, range, rows, share, own: carried[replica] as Tensor[] }, withStates);
      });
      const results = step.run(partsNamingReplica(topology, parts), stateKey);
      tf.dispose(carried);
      carried = results.map((tensors, replica) => {
        const sums = tensors.slice(0, tensors.length - states.count);
        left[replica]?.push(tensors.slice(sums.length));
        return sums;
      });
    }
    const inRowOrder = left.flat();
    states.commit(inRowOrder, inRowOrder.length);
    return carried[0] as Scalar[];
  });
}
