/** Where the fields of a struct are in one version of the API. Pure. */
import type { StructDeclaration } from './struct-layouts-table.js';

/** Every struct begins with its size and a pointer to extensions. */
const HEADER_SLOTS = 2;
const SLOT_BYTES = 8;

/** The layout of one struct. */
export interface StructLayout {
  /** What the struct says its size is. */
  readonly bytes: number;
  /** By name: the index of the field's eight bytes. */
  readonly slots: ReadonlyMap<string, number>;
}

/**
 * Lays out a struct.
 *
 * @param declaration - Its fields.
 * @param minorVersion - The version of the plugin's API.
 * @returns The layout: without the fields that later versions added.
 */
export function layoutOf({ fields, lastBytes = SLOT_BYTES }: StructDeclaration, minorVersion: number): StructLayout {
  const names = fields.flatMap((field) => {
    const [name, since] = typeof field === 'string' ? [field, 0] : field;
    return since > minorVersion ? [] : [name];
  });
  const slots = new Map(names.map((name, index) => [name, HEADER_SLOTS + index]));
  const full = (HEADER_SLOTS + names.length) * SLOT_BYTES;
  return { bytes: names.length === 0 ? full : full - SLOT_BYTES + lastBytes, slots };
}
