/** Writes the operations of a StableHLO program as text, one line each. Pure. */
import type { HostValues } from '../../../tensorflow/op-executor.js';

import { DataTypeCode } from '../../../tensorflow/data-types-table.js';

import { denseText } from './dense-text.js';
import { elementName, type HloType, type HloValue, typeText } from './hlo-types.js';

/** What a reduction does with two elements. */
export type Reducer = 'add' | 'multiply' | 'maximum' | 'minimum' | 'and' | 'or';

/** Elements that are added on each side of an axis, and between its elements. */
export interface PadAmounts {
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly interior?: readonly number[];
}

const list = (values: readonly number[]): string => `[${values.join(', ')}]`;
/** A list of numbers as an attribute. */
export const arrayText = (values: readonly (number | boolean)[]): string =>
  values.length === 0 ? 'array<i64>' : `array<${typeof values[0] === 'boolean' ? 'i1' : 'i64'}: ${values.join(', ')}>`;

/** A function that grows by one operation at a time. */
export class HloBuilder {
  readonly #lines: string[] = [];
  readonly #constants = new Map<string, HloValue>();
  #count = 0;

  /** The operations so far. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /**
   * Writes an operation with one result.
   *
   * @param text - The operation, without its result and its types.
   * @param inputs - The types of its operands; those of an operation whose types are all the same are left out.
   * @param type - The type of its result.
   * @returns The result.
   */
  emit(text: string, inputs: readonly HloType[] | undefined, { dtype, shape }: HloType): HloValue {
    const name = this.#newName();
    const result = typeText({ dtype, shape });
    const types = inputs === undefined ? result : `(${inputs.map(typeText).join(', ')}) -> ${result}`;
    this.#lines.push(`${name} = ${text} : ${types}`);
    return { name, dtype, shape };
  }

  /**
   * Writes an operation with several results.
   *
   * @param text - The operation, without its results and its types.
   * @param inputs - The types of its operands.
   * @param results - The types of its results.
   * @returns The results.
   */
  emitSeveral(text: string, inputs: readonly HloType[], results: readonly HloType[]): HloValue[] {
    const name = this.#newName();
    const types = `(${inputs.map(typeText).join(', ')}) -> (${results.map(typeText).join(', ')})`;
    this.#lines.push(`${name}:${String(results.length)} = ${text} : ${types}`);
    return results.map(({ dtype, shape }, index) => ({ name: `${name}#${String(index)}`, dtype, shape }));
  }

  /**
   * Writes an operation whose text has its types in it.
   *
   * @param text - The operation, without its results.
   * @param count - The number of its results.
   * @param type - The type of the result that is used.
   * @param index - Which result that is.
   * @returns That result.
   */
  emitRaw(text: string, count: number, { dtype, shape }: HloType, index: number): HloValue {
    const name = this.#newName();
    this.#lines.push(`${name}:${String(count)} = ${text}`);
    return { name: `${name}#${String(index)}`, dtype, shape };
  }

  #newName(): string {
    return `%${String(this.#count++)}`;
  }

  /** A constant. One number stands for all elements. */
  constant(values: HostValues | readonly number[] | number, { dtype, shape }: HloType): HloValue {
    const text = denseText(typeof values === 'number' ? [values] : values, dtype);
    const key = `${text} ${typeText({ dtype, shape })}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const made = this.emit(`stablehlo.constant dense<${text}>`, undefined, { dtype, shape });
    this.#constants.set(key, made);
    return made;
  }

  /** A number of a type. */
  scalar(value: number, dtype: DataTypeCode): HloValue {
    return this.constant(value, { dtype, shape: [] });
  }

  /** A function of each element. */
  unary(op: string, x: HloValue): HloValue {
    return this.emit(`stablehlo.${op} ${x.name}`, undefined, x);
  }

  /** A function of each element that XLA composes from basic ones. */
  composed(op: string, x: HloValue): HloValue {
    return this.emitRaw(`chlo.${op} ${x.name} : ${typeText(x)} -> ${typeText(x)}`, 1, x, 0);
  }

  /** A function of two elements at the same place of two values of the same shape. */
  binary(op: string, a: HloValue, b: HloValue): HloValue {
    return this.emit(`stablehlo.${op} ${a.name}, ${b.name}`, undefined, a);
  }

  /** A comparison of elements. */
  compare(direction: string, a: HloValue, b: HloValue): HloValue {
    return this.emit(`stablehlo.compare ${direction}, ${a.name}, ${b.name}`, [a, b], {
      dtype: DataTypeCode.Bool,
      shape: a.shape,
    });
  }

  /** Where the condition holds, the elements of one value, elsewhere those of the other. */
  select(condition: HloValue, then: HloValue, otherwise: HloValue): HloValue {
    const text = `stablehlo.select ${condition.name}, ${then.name}, ${otherwise.name}`;
    return this.emit(text, [condition, then, otherwise], then);
  }

  /** Elements of another type. */
  convert(x: HloValue, dtype: DataTypeCode): HloValue {
    if (x.dtype === dtype) return x;
    return this.emit(`stablehlo.convert ${x.name}`, [x], { dtype, shape: x.shape });
  }

  /** Repeats a value: the axis number `axes[i]` of the result is the axis `i` of the value. */
  broadcastInDim(x: HloValue, shape: readonly number[], axes: readonly number[]): HloValue {
    return this.emit(`stablehlo.broadcast_in_dim ${x.name}, dims = ${list(axes)}`, [x], { dtype: x.dtype, shape });
  }

  /** Repeats a value by the rules of NumPy. */
  broadcastTo(x: HloValue, shape: readonly number[]): HloValue {
    if (x.shape.length === shape.length && x.shape.every((size, axis) => size === shape[axis])) return x;
    const offset = shape.length - x.shape.length;
    return this.broadcastInDim(
      x,
      shape,
      x.shape.map((_, axis) => axis + offset),
    );
  }

  /** The same elements in another shape. */
  reshape(x: HloValue, shape: readonly number[]): HloValue {
    if (x.shape.length === shape.length && x.shape.every((size, axis) => size === shape[axis])) return x;
    return this.emit(`stablehlo.reshape ${x.name}`, [x], { dtype: x.dtype, shape });
  }

  /** The axes in another order. */
  transpose(x: HloValue, order: readonly number[]): HloValue {
    if (order.every((axis, index) => axis === index)) return x;
    const shape = order.map((axis) => x.shape[axis] ?? 1);
    return this.emit(`stablehlo.transpose ${x.name}, dims = ${list(order)}`, [x], { dtype: x.dtype, shape });
  }

  /** A part of a value. */
  slice(x: HloValue, start: readonly number[], limit: readonly number[], strides?: readonly number[]): HloValue {
    const steps = strides ?? x.shape.map(() => 1);
    const ranges = x.shape.map((_, axis) => `${String(start[axis])}:${String(limit[axis])}:${String(steps[axis])}`);
    const shape = x.shape.map((_, axis) =>
      Math.max(0, Math.ceil(((limit[axis] ?? 0) - (start[axis] ?? 0)) / (steps[axis] ?? 1))),
    );
    if (x.shape.length === 0) return x;
    return this.emit(`stablehlo.slice ${x.name} [${ranges.join(', ')}]`, [x], { dtype: x.dtype, shape });
  }

  /** Values one after another along an axis. */
  concatenate(values: readonly HloValue[], axis: number): HloValue {
    const [first] = values;
    if (first === undefined) throw new RangeError('nothing to concatenate');
    if (values.length === 1) return first;
    const total = values.reduce((sum, { shape }) => sum + (shape[axis] ?? 0), 0);
    const shape = first.shape.map((size, index) => (index === axis ? total : size));
    const names = values.map(({ name }) => name).join(', ');
    return this.emit(`stablehlo.concatenate ${names}, dim = ${String(axis)}`, values, { dtype: first.dtype, shape });
  }

  /** Adds elements on both sides of each axis; negative amounts take some away. */
  pad(x: HloValue, filler: HloValue, { low, high, interior = x.shape.map(() => 0) }: PadAmounts): HloValue {
    if ([...low, ...high, ...interior].every((amount) => amount === 0)) return x;
    const shape = x.shape.map(
      (size, axis) => size + Math.max(0, size - 1) * (interior[axis] ?? 0) + (low[axis] ?? 0) + (high[axis] ?? 0),
    );
    const text = `stablehlo.pad ${x.name}, ${filler.name}, low = ${list(low)}, high = ${list(high)}, interior = ${list(interior)}`;
    return this.emit(text, [x, filler], { dtype: x.dtype, shape });
  }

  /** Combines the elements along axes, which vanish. */
  reduce(x: HloValue, reducer: Reducer, initial: number, axes: readonly number[]): HloValue {
    if (axes.length === 0) return x;
    const shape = x.shape.filter((_, axis) => !axes.includes(axis));
    const start = this.scalar(initial, x.dtype);
    const text = `stablehlo.reduce(${x.name} init: ${start.name}) applies stablehlo.${reducer} across dimensions = ${list(axes)}`;
    return this.emit(text, [x, start], { dtype: x.dtype, shape });
  }

  /** The elements along axes in the opposite order. */
  reverse(x: HloValue, axes: readonly number[]): HloValue {
    return this.emit(`stablehlo.reverse ${x.name}, dims = ${list(axes)}`, undefined, x);
  }

  /** The numbers 0, 1, 2, … along an axis. */
  iota(type: HloType, axis: number): HloValue {
    return this.emit(`stablehlo.iota dim = ${String(axis)}`, undefined, type);
  }

  /** The region of an operation that compares two elements. */
  comparisonRegion(direction: string, dtype: DataTypeCode): string {
    const type = `tensor<${elementName(dtype)}>`;
    const [a, b, c] = [this.#newName(), this.#newName(), this.#newName()].map((name) => `%r${name.slice(1)}`);
    const compared = `stablehlo.compare ${direction}, ${String(a)}, ${String(b)} : (${type}, ${type}) -> tensor<i1>`;
    return `{ ^bb0(${String(a)}: ${type}, ${String(b)}: ${type}): ${String(c)} = ${compared} stablehlo.return ${String(c)} : tensor<i1> }`;
  }

  /** The region of an operation that combines two elements. */
  reducerRegion(reducer: Reducer | 'second', dtype: DataTypeCode): string {
    const type = `tensor<${elementName(dtype)}>`;
    const [a, b, c] = [this.#newName(), this.#newName(), this.#newName()].map((name) => `%r${name.slice(1)}`);
    const body =
      reducer === 'second'
        ? `stablehlo.return ${String(b)} : ${type}`
        : `${String(c)} = stablehlo.${reducer} ${String(a)}, ${String(b)} : ${type} stablehlo.return ${String(c)} : ${type}`;
    return `({ ^bb0(${String(a)}: ${type}, ${String(b)}: ${type}): ${body} })`;
  }
}
