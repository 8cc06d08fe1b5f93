/** Which models belong to a scope, and where a scope can be opened. */
import { createRequire } from 'node:module';

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import {
  ErrorCode,
  getReplicaContext,
  getStrategy,
  hasStrategy,
  inCrossReplicaContext,
  MirroredStrategy,
  OneDeviceStrategy,
} from '../../../src/runtime/index.js';
import { strategyOfModel } from '../../../src/runtime/layers/model-strategy.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

useCpuBackend();

const strategy = new MirroredStrategy({ devices: 2 });
const layer = (): tf.layers.Layer => tf.layers.dense({ units: 1, inputShape: [2] });

function compiled<Model extends tf.LayersModel>(model: Model, seen: number[]): Model {
  const loss = (target: tf.Tensor, output: tf.Tensor): tf.Tensor => {
    seen.push(target.shape[0]);
    return tf.losses.meanSquaredError(target, output);
  };
  model.compile({ optimizer: 'sgd', loss });
  return model;
}

/** Trains one step on 4 rows. @returns How many rows the loss saw: [2] with the strategy, [4] without. */
async function rowsSeen(model: tf.LayersModel, seen: number[]): Promise<number[]> {
  seen.length = 0;
  await model.trainOnBatch(tf.ones([4, 2]), tf.ones([4, 1]));
  return [...new Set(seen)];
}

describe('models made in a scope train through the strategy', () => {
  const ways: [string, () => tf.LayersModel][] = [
    [
      'tf.sequential()',
      () => {
        const model = tf.sequential();
        model.add(layer());
        return model;
      },
    ],
    ['tf.sequential({ layers })', () => tf.sequential({ layers: [layer()] })],
    [
      'tf.model()',
      () => {
        const input = tf.input({ shape: [2] });
        return tf.model({ inputs: input, outputs: layer().apply(input) as tf.SymbolicTensor });
      },
    ],
    [
      'new tf.LayersModel()',
      () => {
        const input = tf.input({ shape: [2] });
        return new tf.LayersModel({ inputs: input, outputs: layer().apply(input) as tf.SymbolicTensor });
      },
    ],
    [
      'a subclass of tf.Sequential',
      () => {
        class Mine extends tf.Sequential {}
        const model = new Mine();
        model.add(layer());
        return model;
      },
    ],
    [
      'a subclass of tf.LayersModel',
      () => {
        class Mine extends tf.LayersModel {}
        const input = tf.input({ shape: [2] });
        return new Mine({ inputs: input, outputs: layer().apply(input) as tf.SymbolicTensor });
      },
    ],
    ['tf.models.modelFromJSON', () => tf.sequential({ layers: [layer()] })],
    [
      "require('@tensorflow/tfjs')",
      () => {
        const required = createRequire(import.meta.url)('@tensorflow/tfjs') as typeof tf;
        return required.sequential({ layers: [required.layers.dense({ units: 1, inputShape: [2] })] });
      },
    ],
  ];
  test.each(ways)('%s', async (_, build) => {
    const seen: number[] = [];
    const model = strategy.scope(() => compiled(build(), seen));
    expect(await rowsSeen(model, seen)).toEqual([2]);
    const outside = compiled(build(), seen);
    expect(await rowsSeen(outside, seen)).toEqual([4]);
  });

  test('not returned, and compiled after the scope', async () => {
    const seen: number[] = [];
    let model: tf.Sequential | undefined;
    strategy.scope(() => {
      model = tf.sequential({ layers: [layer()] });
    });
    expect(await rowsSeen(compiled(model as tf.Sequential, seen), seen)).toEqual([2]);
  });

  test('layers added after the scope', async () => {
    const seen: number[] = [];
    const model = strategy.scope(() => tf.sequential());
    model.add(layer());
    expect(await rowsSeen(compiled(model, seen), seen)).toEqual([2]);
  });

  test('in an async scope, after an await', async () => {
    const seen: number[] = [];
    const model = await strategy.scope(async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return compiled(tf.sequential({ layers: [layer()] }), seen);
    });
    expect(await rowsSeen(model, seen)).toEqual([2]);
  });
});

describe('other models do not change', () => {
  test('a model made by unrelated code while an async scope is open', async () => {
    const seen: number[] = [];
    let release = (): void => undefined;
    const scope = strategy.scope(() => new Promise<void>((resolve) => (release = resolve)));
    const outside = compiled(tf.sequential({ layers: [layer()] }), seen);
    expect(hasStrategy()).toBe(false);
    release();
    await scope;
    expect(await rowsSeen(outside, seen)).toEqual([4]);
    expect(Object.getOwnPropertyNames(outside)).not.toContain('makeTrainFunction');
  });

  test('a Sequential made outside and first built inside', async () => {
    const seen: number[] = [];
    const outside = tf.sequential({ layers: [layer()] });
    strategy.scope(() => {
      outside.build();
    });
    expect(await rowsSeen(compiled(outside, seen), seen)).toEqual([4]);
  });

  test('code that a scope has started is outside the scope once the scope has ended', async () => {
    let later: Promise<boolean> | undefined;
    strategy.scope(() => {
      later = new Promise((resolve) =>
        setTimeout(() => {
          resolve(hasStrategy());
        }, 5),
      );
    });
    expect(await later).toBe(false);
  });

  test('the classes of TensorFlow.js are restored afterwards', async () => {
    const prototypes = [tf.LayersModel.prototype, tf.Sequential.prototype];
    const names = () => prototypes.map((prototype) => Reflect.ownKeys(prototype).map(String));
    const methods = () =>
      prototypes.map((prototype) => [Reflect.get(prototype, 'compile'), Reflect.get(prototype, 'build')] as unknown[]);
    const before = [names(), methods()];
    const open = strategy.scope(async () => {
      await Promise.resolve();
    });
    strategy.scope(() => undefined);
    expect(() =>
      strategy.scope(() => {
        throw new Error('user');
      }),
    ).toThrow('user');
    await open;
    await expect(strategy.scope(() => Promise.reject(new Error('user')))).rejects.toThrow('user');
    expect([names(), methods()]).toEqual(before);
  });
});

describe('contexts', () => {
  test('outside, inside and in a replica', () => {
    expect([hasStrategy(), inCrossReplicaContext(), getReplicaContext()?.replicaIdInSyncGroup]).toEqual([
      false,
      false,
      0,
    ]);
    expect(getStrategy()).toBe(getStrategy());
    expect(getStrategy().numReplicasInSync).toBe(1);
    strategy.scope(() => {
      expect([hasStrategy(), inCrossReplicaContext(), getReplicaContext()]).toEqual([true, true, undefined]);
      expect(getStrategy()).toBe(strategy);
    });
    const inReplica: unknown[] = [];
    strategy.run(() => {
      inReplica.push([
        hasStrategy(),
        inCrossReplicaContext(),
        getReplicaContext()?.replicaIdInSyncGroup,
        getStrategy() === strategy,
      ]);
      return tf.scalar(0);
    });
    expect(inReplica).toEqual([
      [true, false, 0, true],
      [true, false, 1, true],
    ]);
    expect(hasStrategy()).toBe(false);
  });

  test('scope returns the result of its function, and passes its error on', async () => {
    expect(strategy.scope(() => 7)).toBe(7);
    expect(await strategy.scope(() => Promise.resolve(8))).toBe(8);
    expect(() =>
      strategy.scope(() => {
        throw new TypeError('mine');
      }),
    ).toThrow(TypeError);
    expect(inCrossReplicaContext()).toBe(false);
  });

  test('scopes of the same strategy can be nested, those of another cannot', () => {
    strategy.scope(() => {
      expect(strategy.scope(() => getStrategy())).toBe(strategy);
      expect(getStrategy()).toBe(strategy);
      const other = new OneDeviceStrategy(0);
      expect(() => {
        other.scope(() => undefined);
      }).toThrow(expect.objectContaining({ code: ErrorCode.StrategyMisuse }));
    });
  });

  test('the default strategy’s scope does nothing', async () => {
    const seen: number[] = [];
    const model = getStrategy().scope(() => compiled(tf.sequential({ layers: [layer()] }), seen));
    expect(hasStrategy()).toBe(false);
    expect(strategyOfModel(model)).toBeUndefined();
    expect(await rowsSeen(model, seen)).toEqual([4]);
  });

  test('a scope cannot be opened in a replica', () => {
    expect(() =>
      strategy.run(() => {
        strategy.scope(() => undefined);
      }),
    ).toThrow(/scope\(\) cannot be opened inside a replica/);
  });

  test('compiling a model in a scope that it was made outside of throws an error with a hint', () => {
    const outside = tf.sequential({ layers: [layer()] });
    expect(() => {
      strategy.scope(() => {
        outside.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
      });
    }).toThrow(
      expect.objectContaining({
        code: ErrorCode.StrategyMisuse,
        hint: expect.stringContaining('strategy.scope') as unknown,
      }) as unknown,
    );
  });
});
