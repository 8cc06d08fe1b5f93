/**
 * Gathers, as the tests of TensorFlow's distribution assert them; docs/distribution-behaviours.md names them. On both
 * engines, eagerly and traced.
 */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';

import {
  type EngineName,
  getReplicaContext,
  MirroredStrategy,
  PerReplica,
  type ReplicaContext,
  tfFunction,
} from '../../../src/runtime/index.js';
import { locateTensorFlow } from '../../../src/runtime/tensorflow/locate.js';
import { useCpuBackend } from '../support/quiet-tfjs.js';

const context = (): ReplicaContext => getReplicaContext() as ReplicaContext;
const list = (tensor: unknown): unknown => (tensor as tf.Tensor).arraySync();

describe.each<EngineName>(['logical', 'tensorflow'])('%s', (engine) => {
  if (engine === 'tensorflow' && locateTensorFlow().files === undefined) return;
  if (engine === 'logical') useCpuBackend();
  let two: MirroredStrategy;
  beforeAll(() => {
    vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    two = new MirroredStrategy({ devices: 2, engine });
  });
  const local = (value: unknown): unknown[] => two.localResults(value).map(list);

  describe.each(['eager', 'traced'])('%s', (mode) => {
    const wrap = <Fn extends (...args: never[]) => unknown>(fn: Fn): Fn =>
      (mode === 'traced' ? tfFunction(fn as never) : fn) as Fn;

    test('gathers of other ranks, and of other shapes beside the axis, are errors', () => {
      const shapes = new PerReplica([tf.ones([1, 1]), tf.ones([1, 2])]);
      const ranks = new PerReplica([tf.ones([1]), tf.ones([1, 2])]);
      for (const value of [shapes, ranks]) {
        expect(() => two.gather(value, 0)).toThrow();
        expect(() =>
          two.run(
            wrap((own: tf.Tensor) => context().allGather(own, 0)),
            [value],
          ),
        ).toThrow();
      }
    });

    test('gathers along every axis of equal and of different sizes', () => {
      const cube = tf.tensor3d([
        [
          [1, 2],
          [1, 2],
        ],
      ]);
      for (const axis of [0, 1, 2]) {
        const expected = list(tf.concat([cube, cube], axis));
        const value = new PerReplica([cube, cube]);
        expect(list(two.gather(value, axis))).toEqual(expected);
        expect(
          local(
            two.run(
              wrap((own: tf.Tensor) => context().allGather(own, axis)),
              [value],
            ),
          ),
        ).toEqual([expected, expected]);
      }
      const columns = new PerReplica([tf.ones([1, 1]), tf.ones([1, 2])]);
      const nested = two.run(
        wrap((own: tf.Tensor) => context().allGather([own, own.mul(2)], 1)),
        [columns],
      ) as PerReplica[];
      expect(local(nested[0])).toEqual([[[1, 1, 1]], [[1, 1, 1]]]);
      expect(local(nested[1])).toEqual([[[2, 2, 2]], [[2, 2, 2]]]);
    });
  });
});
