/**
 * What the JavaScript thread and the watchdog's thread share: one slot for each step that is watched. A slot's pointer is used only by whoever
 * took the slot, so that nobody cancels what has been deleted. Touches nothing but the shared memory.
 */

/** Whose a slot is. */
enum SlotState {
  Free = 0,
  /** A step is under way. */
  Armed = 1,
  /** The watchdog's thread looks at it; it gives it back at once. */
  Held = 2,
  /** The watchdog has cancelled the step. */
  Fired = 3,
}

/** How many steps may be watched at a time. */
export const MOST_SLOTS = 512;

/** Words before the slots. */
const WAKE = 0;
const IDLE = 1;
const NAP = 2;
const HEADER_WORDS = 4;

/** Words of a slot. */
const STATE = 0;
const SEQUENCE = 1;
const ASSIGNMENT = 2;
const POINTER = 3;
const SLOT_WORDS = 5;

const TWO_TO_32 = 4_294_967_296;

/** What a slot stands for while it is armed. */
export interface ArmedSlot {
  /** Counts the steps that were watched. */
  readonly sequence: number;
  /** Which description of the slot's step holds. */
  readonly assignment: number;
  /** The step's cancellation manager. */
  readonly pointer: number;
}

/** The shared memory, from either side. */
export class WatchMemory {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(buffer = new SharedArrayBuffer((HEADER_WORDS + MOST_SLOTS * SLOT_WORDS) * 4)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  /** How often the thread looks, in milliseconds; 0: nobody has said so yet. */
  get napMs(): number {
    return Atomics.load(this.#words, NAP);
  }

  set napMs(milliseconds: number) {
    Atomics.store(this.#words, NAP, milliseconds);
    this.#wake();
  }

  /** Begins to watch a step. */
  arm(slot: number, { sequence, assignment, pointer }: ArmedSlot): void {
    const at = place(slot);
    this.#words[at + SEQUENCE] = sequence;
    this.#words[at + ASSIGNMENT] = assignment;
    this.#words[at + POINTER] = (pointer % TWO_TO_32) | 0;
    this.#words[at + POINTER + 1] = Math.floor(pointer / TWO_TO_32);
    Atomics.store(this.#words, at + STATE, SlotState.Armed);
    if (Atomics.load(this.#words, IDLE) === 1) this.#wake();
  }

  /** Whether the watchdog has cancelled the step of a slot; waits while it is at it. */
  hasFired(slot: number): boolean {
    const at = place(slot) + STATE;
    for (;;) {
      const state = Atomics.load(this.#words, at);
      if (state !== SlotState.Held) return state === SlotState.Fired;
      Atomics.wait(this.#words, at, SlotState.Held);
    }
  }

  /** Ends watching: from now on the thread leaves the step alone. */
  free(slot: number): void {
    const at = place(slot) + STATE;
    for (;;) {
      if (this.hasFired(slot)) {
        Atomics.store(this.#words, at, SlotState.Free);
        return;
      }
      const seen = Atomics.compareExchange(this.#words, at, SlotState.Armed, SlotState.Free);
      if (seen === SlotState.Armed || seen === SlotState.Free) return;
    }
  }

  /** Takes an armed slot, so that its step cannot be released. @returns undefined where it is not armed. */
  hold(slot: number): ArmedSlot | undefined {
    const at = place(slot);
    const words = this.#words;
    if (Atomics.compareExchange(words, at + STATE, SlotState.Armed, SlotState.Held) !== SlotState.Armed)
      return undefined;
    const pointer = ((words[at + POINTER] as number) >>> 0) + (words[at + POINTER + 1] as number) * TWO_TO_32;
    return { sequence: words[at + SEQUENCE] as number, assignment: words[at + ASSIGNMENT] as number, pointer };
  }

  /** Gives a slot back. @param fired - Whether its step was cancelled. */
  letGo(slot: number, fired: boolean): void {
    const at = place(slot) + STATE;
    Atomics.store(this.#words, at, fired ? SlotState.Fired : SlotState.Armed);
    Atomics.notify(this.#words, at);
  }

  /** Whether a step that was cancelled has not been released yet. */
  isFired(slot: number, sequence: number): boolean {
    const at = place(slot);
    return Atomics.load(this.#words, at + STATE) === SlotState.Fired && this.#words[at + SEQUENCE] === sequence;
  }

  /** Sleeps until it is time to look again; without a step to watch, until there is one. @returns For how many milliseconds it should be counted. */
  nap(isIdle: () => boolean): number {
    const words = this.#words;
    Atomics.store(words, IDLE, 1);
    const forever = this.napMs === 0 || isIdle();
    if (!forever) Atomics.store(words, IDLE, 0);
    const nap = this.napMs;
    const outcome = Atomics.wait(words, WAKE, 0, forever ? Infinity : nap);
    Atomics.store(words, IDLE, 0);
    Atomics.store(words, WAKE, 0);
    // Naps are counted, not read from a clock: a process that was stopped for an hour has not waited for a replica.
    return outcome === 'timed-out' ? nap : 0;
  }

  /** Whether the step of one slot was started before that of another. */
  startedBefore(slot: number, other: number): boolean {
    const sequence = (each: number): number => this.#words[place(each) + SEQUENCE] as number;
    // The count may run over.
    return ((sequence(slot) - sequence(other)) | 0) < 0;
  }

  /** Whether a slot has a step that is under way or was cancelled. */
  isTaken(slot: number): boolean {
    return Atomics.load(this.#words, place(slot) + STATE) !== SlotState.Free;
  }

  #wake(): void {
    Atomics.store(this.#words, WAKE, 1);
    Atomics.notify(this.#words, WAKE);
  }
}

function place(slot: number): number {
  return HEADER_WORDS + slot * SLOT_WORDS;
}
