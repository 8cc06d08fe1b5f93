/** Attributes of ops, as immutable values to compare, cache and record. Pure. */
import type { DataTypeCode } from './data-types-table.js';

/** One attribute, as TensorFlow's op definitions name it. */
export type OpAttribute =
  | { readonly name: string; readonly kind: 'int'; readonly value: number }
  /** A number that no kernel takes for a size, an axis or an index, and that may therefore exceed 32 bits. */
  | { readonly name: string; readonly kind: 'longInt'; readonly value: number }
  | { readonly name: string; readonly kind: 'float'; readonly value: number }
  | { readonly name: string; readonly kind: 'bool'; readonly value: boolean }
  | { readonly name: string; readonly kind: 'string'; readonly value: string }
  | { readonly name: string; readonly kind: 'type'; readonly value: DataTypeCode }
  | { readonly name: string; readonly kind: 'shape'; readonly value: readonly number[] }
  | { readonly name: string; readonly kind: 'function'; readonly value: string }
  | { readonly name: string; readonly kind: 'intList'; readonly value: readonly number[] }
  | { readonly name: string; readonly kind: 'floatList'; readonly value: readonly number[] }
  | { readonly name: string; readonly kind: 'stringList'; readonly value: readonly string[] }
  | { readonly name: string; readonly kind: 'typeList'; readonly value: readonly DataTypeCode[] }
  /** A serialized `AttrValue`, for what the other kinds cannot express (a list of shapes, a tensor). */
  | { readonly name: string; readonly kind: 'proto'; readonly value: Uint8Array };

/**
 * The attributes of one op call. Equal sets have equal keys, so that an executor encodes each set once.
 * TensorFlow infers some attributes from the inputs (`T`, `N`, `Tidx`); those can be left out.
 */
export class AttributeSet {
  readonly entries: readonly OpAttribute[];
  readonly key: string;

  constructor(entries: readonly OpAttribute[]) {
    this.entries = entries;
    let key = '';
    for (const entry of entries) key += `${entry.name}:${String(entry.value)};`;
    this.key = key;
  }
}

/** No attributes. */
export const NO_ATTRIBUTES = new AttributeSet([]);

/**
 * Makes a set of attributes.
 *
 * @param entries - The attributes, in any order.
 * @returns The set.
 */
export function attributes(...entries: OpAttribute[]): AttributeSet {
  return new AttributeSet(entries);
}

export const int = (name: string, value: number): OpAttribute => ({ name, kind: 'int', value });
export const longInt = (name: string, value: number): OpAttribute => ({ name, kind: 'longInt', value });
export const float = (name: string, value: number): OpAttribute => ({ name, kind: 'float', value });
export const bool = (name: string, value: boolean): OpAttribute => ({ name, kind: 'bool', value });
export const string = (name: string, value: string): OpAttribute => ({ name, kind: 'string', value });
export const type = (name: string, value: DataTypeCode): OpAttribute => ({ name, kind: 'type', value });
export const shape = (name: string, value: readonly number[]): OpAttribute => ({ name, kind: 'shape', value });
export const intList = (name: string, value: readonly number[]): OpAttribute => ({ name, kind: 'intList', value });
export const stringList = (name: string, value: readonly string[]): OpAttribute => ({
  name,
  kind: 'stringList',
  value,
});
