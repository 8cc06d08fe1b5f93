/**
 * Native memory for calls of the C API: constant strings, scratch blocks and copies. Nothing is freed: strings and
 * blocks are few and are made once. Calls koffi.
 */
import type { CallGate } from './call-gate.js';
import type { Koffi } from './load-koffi.js';

const TWO_TO_32 = 4_294_967_296;

/** A block of native memory. Reads and writes pointers as numbers. */
export class NativeBlock {
  /** Keeps koffi's allocation alive. */
  readonly #allocation: unknown;
  readonly address: number;
  readonly int32: Int32Array;
  readonly uint32: Uint32Array;
  readonly int64: BigInt64Array;

  constructor(koffi: Koffi, bytes: number) {
    this.#allocation = koffi.alloc('uint8_t', bytes);
    this.address = Number(koffi.address(this.#allocation));
    const buffer = koffi.view(this.#allocation, bytes);
    this.int32 = new Int32Array(buffer);
    this.uint32 = new Uint32Array(buffer);
    this.int64 = new BigInt64Array(buffer);
  }

  /** Number of 8-byte slots. */
  get slots(): number {
    return this.int64.length;
  }

  pointerAt(slot: number): number {
    const at = slot * 2;
    return (this.uint32[at] as number) + (this.uint32[at + 1] as number) * TWO_TO_32;
  }

  setPointer(slot: number, value: number): void {
    const at = slot * 2;
    this.uint32[at] = value >>> 0;
    this.uint32[at + 1] = Math.floor(value / TWO_TO_32);
  }

  /**
   * Writes a 64-bit integer.
   *
   * @param slot - Index of the slot.
   * @param value - A safe integer.
   */
  setInteger(slot: number, value: number): void {
    const at = slot * 2;
    this.uint32[at] = value >>> 0;
    this.int32[at + 1] = Math.floor(value / TWO_TO_32);
  }
}

/** Allocates and copies native memory. */
export class NativeMemory {
  readonly #koffi: Koffi;
  readonly #gate: CallGate;
  readonly #strings = new Map<string, { allocation: unknown; address: number }>();
  readonly #copyIn: (target: number, source: ArrayBufferView, bytes: number) => void;
  readonly #copyOut: {
    (target: ArrayBufferView, source: number, bytes: number): void;
    async(target: ArrayBufferView, source: number, bytes: number, done: (error: unknown) => void): void;
  };

  constructor(koffi: Koffi, gate: CallGate) {
    this.#koffi = koffi;
    this.#gate = gate;
    const library = koffi.load(process.platform === 'win32' ? 'msvcrt.dll' : null);
    this.#copyIn = library.func('memcpy', 'void', ['uintptr_t', 'const void*', 'size_t']);
    this.#copyOut = library.func('memcpy', 'void', ['const void*', 'uintptr_t', 'size_t']) as never;
  }

  /** Makes an array of native memory. The memory must outlive its use. */
  words(address: number, count: number): Uint32Array {
    return new Uint32Array(this.#koffi.view(address, count * 4));
  }

  block(bytes: number): NativeBlock {
    return new NativeBlock(this.#koffi, bytes);
  }

  /**
   * Makes a C string that is never freed, such as the name of an op, an attribute or a device.
   *
   * @param text - The text. Equal texts share one string.
   * @returns Its address.
   */
  constantString(text: string): number {
    const known = this.#strings.get(text);
    if (known) return known.address;
    const bytes = new TextEncoder().encode(`${text}\0`);
    const allocation: unknown = this.#koffi.alloc('uint8_t', bytes.length);
    const address = Number(this.#koffi.address(allocation));
    this.#copyIn(address, bytes, bytes.length);
    this.#strings.set(text, { allocation, address });
    return address;
  }

  copyIn(target: number, source: ArrayBufferView, bytes = source.byteLength): void {
    if (bytes > 0) this.#copyIn(target, source, bytes);
  }

  copyOut(target: ArrayBufferView, source: number, bytes = target.byteLength): void {
    if (bytes > 0) this.#copyOut(target, source, bytes);
  }

  /**
   * Copies native memory to an array on another thread.
   *
   * @param target - The array.
   * @param source - Address of the memory. It must stay valid until the promise settles.
   */
  copyOutAsync(target: ArrayBufferView, source: number): Promise<void> {
    return this.#gate.run((done) => {
      this.#copyOut.async(target, source, target.byteLength, (error) => {
        done(error, undefined);
      });
    });
  }
}
