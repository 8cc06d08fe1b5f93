/**
 * Memory for calls of a plugin: array buffers, whose contents never move, and which the garbage collector frees. What
 * koffi allocates would stay until the process ends. Calls koffi.
 */
import type { Koffi } from '../tensorflow/load-koffi.js';

const TWO_TO_32 = 4_294_967_296;
const SLOT_BYTES = 8;

/** A piece of memory in slots of eight bytes. Hold it as long as the plugin may use it. */
export class ArrayBlock {
  /** Where it begins, for C. */
  readonly address: number;
  readonly buffer: ArrayBuffer;
  readonly #words: Uint32Array;
  readonly #signed: Int32Array;

  /**
   * @param koffi - Finds the address.
   * @param bytes - The size. It is rounded up to whole slots.
   */
  constructor(koffi: Koffi, bytes: number) {
    this.buffer = new ArrayBuffer(Math.max(1, Math.ceil(bytes / SLOT_BYTES)) * SLOT_BYTES);
    this.#words = new Uint32Array(this.buffer);
    this.#signed = new Int32Array(this.buffer);
    this.address = addressOf(koffi, this.#words);
  }

  /**
   * Reads a slot.
   *
   * @param slot - Its index.
   * @returns A pointer or a size.
   */
  get(slot: number): number {
    const at = slot * 2;
    return (this.#words[at] as number) + (this.#words[at + 1] as number) * TWO_TO_32;
  }

  /**
   * Writes a slot.
   *
   * @param slot - Its index.
   * @param value - A pointer, or a safe integer.
   */
  set(slot: number, value: number): void {
    const at = slot * 2;
    this.#words[at] = value >>> 0;
    this.#signed[at + 1] = Math.floor(value / TWO_TO_32);
  }
}

/**
 * Finds where the elements of an array are.
 *
 * @param koffi - Finds the address.
 * @param view - The array. Hold it as long as C may use the address.
 * @returns The address.
 */
export function addressOf(koffi: Koffi, view: ArrayBufferView): number {
  // V8 keeps small arrays on its heap, where they move, until something asks for their buffer.
  return view.buffer.byteLength === 0 ? 0 : Number(koffi.address(view));
}
