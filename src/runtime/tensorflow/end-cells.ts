/**
 * Cells of native memory that say what the end of a thread frees. Unlike a registered call, a cell can change: it is a
 * `TF_Buffer`, which calls its own deallocator when it is deleted, and the end of the thread deletes it. Calls the C
 * API.
 * Source: tensorflow/c/tf_buffer.h.
 */
import type { CApi } from './c-api.js';
import type { EndFunction } from './thread-end.js';

/** The fields of a `TF_Buffer` as 32-bit words: `data`, `length`, `data_deallocator`. */
const WORDS = 6;
const DATA = 0;
const DEALLOCATOR = 4;
const TWO_TO_32 = 4_294_967_296;

/** Writes both halves without a call in between, at which the thread could be terminated. */
function setPointer(words: Uint32Array, at: number, pointer: number): void {
  const low = pointer >>> 0;
  const high = Math.floor(pointer / TWO_TO_32);
  words[at] = low;
  words[at + 1] = high;
}

/** Cells for objects of one kind. */
export class EndCells {
  readonly #api: CApi;
  readonly #deallocator: EndFunction;
  readonly #cells: Uint32Array[] = [];

  /**
   * @param api - The C API.
   * @param deallocator - Frees an object, and ignores a null pointer.
   */
  constructor(api: CApi, deallocator: EndFunction) {
    this.#api = api;
    this.#deallocator = deallocator;
  }

  /**
   * Changes a cell.
   *
   * @param index - Which one. Cells are made as they are needed.
   * @param pointer - The object to free at the end of the thread; 0 for none.
   */
  set(index: number, pointer: number): void {
    setPointer((this.#cells[index] ??= this.#newCell()), DATA, pointer);
  }

  #newCell(): Uint32Array {
    const { memory, threadEnd, TF_NewBuffer } = this.#api;
    const buffer = TF_NewBuffer();
    const words = memory.words(buffer, WORDS);
    // It gets the length as a second argument, and ignores it.
    setPointer(words, DEALLOCATOR, threadEnd.addressOf(this.#deallocator));
    threadEnd.call('TF_DeleteBuffer', buffer);
    return words;
  }
}
