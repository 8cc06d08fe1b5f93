/** A type of a value, and how well it is known. Pure. */
import type { ValueType } from './receiver-type-table.js';

export interface KnownType {
  readonly type: ValueType;
  /** Whether the code proves it; otherwise it is probable. */
  readonly isCertain: boolean;
}

export function certain(type: ValueType | undefined): KnownType | undefined {
  return type === undefined ? undefined : { type, isCertain: true };
}

export function probable(known: KnownType | undefined): KnownType | undefined {
  return known === undefined ? undefined : { ...known, isCertain: false };
}

/** The type of a value that is one of several: certain if each certainly has it, probable if only some have it. */
export function combined(types: readonly (KnownType | undefined)[]): KnownType | undefined {
  const first = types.find((type) => type !== undefined);
  if (first === undefined || types.some((type) => type !== undefined && type.type !== first.type)) return undefined;
  return { ...first, isCertain: types.every((type) => type?.isCertain === true) };
}
