/**
 * Variables of a strategy have the values that TensorFlow's have, and optimizers in replicas take the same steps:
 * scripts/goldens/generate_variable_goldens.py computed them. On both engines, eagerly and traced.
 */
import { readFileSync } from 'node:fs';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, type MockInstance, test, vi } from 'vitest';

import {
  type DistributedOptimizer,
  type EngineName,
  ErrorCode,
  getReplicaContext,
  MirroredStrategy,
  MirrorscopeError,
  tfFunction,
  variable,
  VariableAggregation,
  VariableSynchronization,
} from '../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../src/runtime/tensorflow/locate.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

type Change = 'assign' | 'assign_add' | 'assign_sub';

interface VariableRow {
  readonly replicas: number;
  readonly aggregation: keyof typeof VariableAggregation;
  readonly synchronization: keyof typeof VariableSynchronization;
  readonly dtype: 'float32' | 'int32';
  readonly change: Change;
  readonly place: 'replica' | 'outside';
  readonly created: boolean;
  readonly results: 'error' | readonly { seen: number[]; value: number | 'error'; values: number[] }[];
}

interface OptimizerRow {
  readonly replicas: number;
  readonly optimizer: 'sgd' | 'momentum' | 'adam';
  readonly skips: boolean;
  readonly value: number;
  readonly iterations: number;
}

const GOLDENS = JSON.parse(
  readFileSync(new URL('../../../fixtures/goldens/variables.json', import.meta.url), 'utf8'),
) as { variables: VariableRow[]; optimizers: OptimizerRow[] };

/** TensorFlow 2.21 makes such a variable, but code outside replicas cannot read it. Here, making it is the error. */
const isUnreadable = ({ aggregation, synchronization }: VariableRow): boolean =>
  aggregation === 'NONE' && synchronization === 'ON_READ';

/**
 * TensorFlow's documentation says that this is an error. TensorFlow 2.21 lets the copies of the replicas differ
 * silently; here it is the documented error.
 */
const isUndefined = ({ aggregation, place, replicas }: VariableRow): boolean =>
  aggregation === 'NONE' && place === 'replica' && replicas > 1;

const METHODS = { assign: 'assign', assign_add: 'assignAdd', assign_sub: 'assignSub' } as const;
const number = (tensor: unknown): number => (tensor as tf.Tensor).dataSync()[0] as number;
const replicaId = (): number => getReplicaContext()?.replicaIdInSyncGroup ?? 0;

function errorOf(body: () => unknown): MirrorscopeError | undefined {
  try {
    body();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(MirrorscopeError);
    return error as MirrorscopeError;
  }
}

const MODES = {
  eager: (strategy: MirroredStrategy, fn: () => tf.Tensor) => () => strategy.run(fn),
  traced: (strategy: MirroredStrategy, fn: () => tf.Tensor) => {
    const traced = tfFunction(fn);
    return () => strategy.run(traced);
  },
  'traced around run': (strategy: MirroredStrategy, fn: () => tf.Tensor) => tfFunction(() => strategy.run(fn)),
};

describe.each<EngineName>(['logical', 'tensorflow'])('%s', (engine) => {
  if (engine === 'tensorflow' && locateTensorFlow().files === undefined) return;
  if (engine === 'logical') useCpuBackend();
  let warn: MockInstance<typeof console.warn>;
  beforeAll(() => {
    warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    // First the largest: TensorFlow's logical devices are fixed when it starts.
    for (const devices of [4, 2]) new MirroredStrategy({ devices, engine });
  });

  describe.each(Object.keys(MODES) as (keyof typeof MODES)[])('%s', (mode) => {
    // The third mode adds only the function around the run.
    const counts = mode === 'traced around run' ? [2] : [1, 2, 4];
    test.each(counts)('every aggregation, synchronization and change on %i replicas', (replicas) => {
      const strategy = new MirroredStrategy({ devices: replicas, engine });
      for (const row of GOLDENS.variables.filter((each) => each.replicas === replicas)) {
        const name = JSON.stringify({ ...row, results: undefined });
        const { aggregation, synchronization, dtype } = row;
        const make = () =>
          strategy.scope(() =>
            variable(10, {
              dtype,
              trainable: false,
              aggregation: VariableAggregation[aggregation],
              synchronization: VariableSynchronization[synchronization],
            }),
          );
        if (!row.created || isUnreadable(row)) {
          expect(errorOf(make)?.code, name).toBe(ErrorCode.InvalidArgument);
          continue;
        }
        const made = make();
        const method = METHODS[row.change];
        const step = (): tf.Tensor => {
          made[method](tf.scalar(replicaId() + 1, dtype));
          return tf.clone(made);
        };
        const run = MODES[mode](strategy, step);
        const outside = (): void => {
          strategy.scope(() => {
            made[method](tf.scalar(4, dtype));
          });
        };
        if (row.results === 'error' || isUndefined(row)) {
          expect(errorOf(row.place === 'replica' ? run : outside)?.code, name).toBe(ErrorCode.StrategyMisuse);
          expect(number(made), name).toBe(aggregation === 'SUM' && synchronization === 'ON_READ' ? 10 * replicas : 10);
          continue;
        }
        for (const result of row.results) {
          let seen: number[] = [];
          if (row.place === 'replica') seen = strategy.localResults(run()).map(number);
          else outside();
          const found = { seen, value: number(made), values: made.values.map(number) };
          expect(found, name).toEqual(result);
        }
        made.dispose();
      }
    });

    test.each(counts)('optimizers on %i replicas sum gradients, unless they are told not to', (replicas) => {
      const strategy = new MirroredStrategy({ devices: replicas, engine });
      for (const row of GOLDENS.optimizers.filter((each) => each.replicas === replicas)) {
        const weight = tf.variable(tf.scalar(10));
        const optimizer = {
          sgd: () => tf.train.sgd(0.1),
          momentum: () => tf.train.momentum(0.1, 0.9),
          adam: () => tf.train.adam(0.1),
        }[row.optimizer]() as DistributedOptimizer;
        const run = MODES[mode](strategy, () => {
          const gradients = { [weight.name]: tf.scalar(row.skips ? 3 : replicaId() + 1) };
          optimizer.applyGradients(gradients, row.skips ? { skipGradientsAggregation: true } : undefined);
          return weight.clone();
        });
        for (let step = 0; step < 3; step++) run();
        expect(number(weight), JSON.stringify(row)).toBeCloseTo(row.value, 3);
        expect(optimizer.iterations).toBe(row.iterations);
      }
    });
  });

  test('gradients that were all-reduced are summed again, with one warning for each optimizer', () => {
    const strategy = new MirroredStrategy({ devices: 2, engine });
    const weight = tf.variable(tf.scalar(10));
    const optimizer = tf.train.sgd(1);
    warn.mockClear();
    const step = (): void => {
      const gradients = getReplicaContext()?.allReduce('SUM' as never, { [weight.name]: tf.scalar(1) });
      optimizer.applyGradients(gradients as never);
    };
    for (let time = 0; time < 2; time++) strategy.run(step);
    expect(number(weight)).toBe(2);
    const warnings = warn.mock.calls.filter(([text]) => String(text).includes('skipGradientsAggregation'));
    expect(warnings).toHaveLength(1);
  });
});
