/** The types of values on their way between a strategy and its replicas. Types only. */
import type { DistributedValues } from './values.js';
import type { Tensor } from '@tensorflow/tfjs';

type Leaf = Tensor | string | number | boolean | bigint | symbol | null | undefined | ((...args: never) => unknown);

/** A value as a replica sees it: the component of a distributed value, also inside arrays and objects. */
type LocalValue<Value> =
  Value extends DistributedValues<infer Component>
    ? Component
    : Value extends Leaf
      ? Value
      : { [Key in keyof Value]: LocalValue<Value[Key]> };

/** A list of arguments as a replica sees it. */
export type LocalValues<Arguments extends readonly unknown[]> = {
  [Index in keyof Arguments]: LocalValue<Arguments[Index]>;
};

/** A value after its components are combined: one tensor for each distributed value in it. */
export type Combined<Value> =
  Value extends DistributedValues<unknown>
    ? Tensor
    : Value extends Leaf
      ? Tensor
      : unknown extends Value
        ? Tensor
        : { [Key in keyof Value]: Combined<Value[Key]> };
