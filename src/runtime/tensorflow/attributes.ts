/** The attributes of an op as immutable values that can be compared, cached and recorded. Pure. */
import type { DataTypeCode } from './data-types-table.js';

/** One attribute, in the words of TensorFlow's op definitions. */
export type OpAttribute =
  | { readonly name: string; readonly kind: 'int'; readonly value: number }
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
  /** A serialized `AttrValue`, for what the other kinds cannot say (a list of shapes, a tensor). */
  | { readonly name: string; readonly kind: 'proto'; readonly value: Uint8Array };

/**
 * The attributes of one op call. Equal sets have equal keys, so an executor encodes each once.
 * Attributes that TensorFlow infers from the inputs (`T`, `N`, `Tidx`) need not be given.
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

/** The empty set. */
export const NO_ATTRIBUTES = new AttributeSet([]);

export function attributes(...entries: OpAttribute[]): AttributeSet {
  return new AttributeSet(entries);
}

export const int = (name: string, value: number): OpAttribute => ({ name, kind: 'int', value });
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
