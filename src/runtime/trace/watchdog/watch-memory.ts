/**
 * The memory that the JavaScript thread and the watchdog's thread share: one slot for each watched step. Only the
 * thread that holds a slot uses its pointer, so that no thread cancels a step that was deleted. Touches only the shared
 * memory.
 */

/** Who may use a slot. */
const SlotState = {
  Free: 0,
  /** The step is in flight. */
  Armed: 1,
  /** The watchdog's thread looks at the step. It releases the slot at once. */
  Held: 2,
  /** The watchdog has cancelled the step. */
  Fired: 3,
} as const;

/** The most steps that are watched at a time. */
export const MAX_SLOTS = 512;

/** The words before the slots. */
const WAKE = 0;
const IDLE = 1;
const NAP = 2;
const LIBRARY = 3;
const HEADER_WORDS = 4;

/** Whether the watchdog's thread may open TensorFlow's library. */
const LibraryState = {
  Closed: 0,
  /** koffi loads and binds. If the thread is ended meanwhile, koffi ends the process. */
  Opening: 1,
  Open: 2,
  /** The process ends. */
  Refused: 3,
} as const;

/** The words of a slot. */
const STATE = 0;
const SEQUENCE = 1;
const ASSIGNMENT = 2;
const POINTER = 3;
const SLOT_WORDS = 5;

const TWO_TO_32 = 4_294_967_296;

/** The contents of an armed slot. */
export interface ArmedSlot {
  /** Counts the watched steps. */
  readonly sequence: number;
  /** Which assignment of the slot describes the step. */
  readonly assignment: number;
  /** The step's `TFE_CancellationManager*`. */
  readonly pointer: number;
}

/** The shared memory, seen from either thread. */
export class WatchMemory {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;

  /** @param buffer - The memory of the other thread. By default, new memory. */
  constructor(buffer = new SharedArrayBuffer((HEADER_WORDS + MAX_SLOTS * SLOT_WORDS) * 4)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
  }

  /** How long the thread sleeps between two looks, in milliseconds. 0: until it is woken. */
  get napMs(): number {
    return Atomics.load(this.#words, NAP);
  }

  set napMs(milliseconds: number) {
    Atomics.store(this.#words, NAP, milliseconds);
    this.#wake();
  }

  /**
   * Runs code that opens the library, in the watchdog's thread.
   *
   * @param open - Runs once, unless the process ends.
   * @returns What `open` returns; undefined when the process ends.
   */
  opening<Result>(open: () => Result): Result | undefined {
    const before = Atomics.compareExchange(this.#words, LIBRARY, LibraryState.Closed, LibraryState.Opening);
    if (before === LibraryState.Refused) return undefined;
    try {
      return open();
    } finally {
      Atomics.store(this.#words, LIBRARY, LibraryState.Open);
      Atomics.notify(this.#words, LIBRARY);
    }
  }

  /**
   * Waits while the watchdog's thread opens the library; if it has not begun, it never will.
   *
   * @param timeoutMs - How long to wait at most.
   */
  endOpening(timeoutMs: number): void {
    const before = Atomics.compareExchange(this.#words, LIBRARY, LibraryState.Closed, LibraryState.Refused);
    if (before === LibraryState.Opening) Atomics.wait(this.#words, LIBRARY, LibraryState.Opening, timeoutMs);
  }

  /**
   * Begins to watch a step.
   *
   * @param slot - A free slot.
   * @param armed - The step.
   */
  arm(slot: number, armed: ArmedSlot): void {
    const { sequence, assignment, pointer } = armed;
    const at = firstWord(slot);
    this.#words[at + SEQUENCE] = sequence;
    this.#words[at + ASSIGNMENT] = assignment;
    this.#words[at + POINTER] = (pointer % TWO_TO_32) | 0;
    this.#words[at + POINTER + 1] = Math.floor(pointer / TWO_TO_32);
    Atomics.store(this.#words, at + STATE, SlotState.Armed);
    if (Atomics.load(this.#words, IDLE) === 1) this.#wake();
  }

  /**
   * Checks whether the watchdog has cancelled the step of a slot. Waits while the watchdog looks at it.
   *
   * @param slot - Any slot.
   * @returns True for a cancelled step.
   */
  hasFired(slot: number): boolean {
    const at = firstWord(slot) + STATE;
    for (;;) {
      const state = this.#state(slot);
      if (state !== SlotState.Held) return state === SlotState.Fired;
      Atomics.wait(this.#words, at, SlotState.Held);
    }
  }

  /**
   * Ends the watch. From now on the thread leaves the step alone.
   *
   * @param slot - A slot that was armed.
   * @returns Whether the thread has cancelled the step.
   */
  free(slot: number): boolean {
    const at = firstWord(slot) + STATE;
    for (;;) {
      if (this.hasFired(slot)) {
        Atomics.store(this.#words, at, SlotState.Free);
        return true;
      }
      const before = Atomics.compareExchange(this.#words, at, SlotState.Armed, SlotState.Free);
      if (before === SlotState.Armed || before === SlotState.Free) return false;
    }
  }

  /**
   * Takes an armed slot, so that its step cannot be deleted. Call {@link release} at once.
   *
   * @param slot - Any slot.
   * @returns Its contents; undefined when it is not armed.
   */
  hold(slot: number): ArmedSlot | undefined {
    const at = firstWord(slot);
    const before = Atomics.compareExchange(this.#words, at + STATE, SlotState.Armed, SlotState.Held);
    if (before !== SlotState.Armed) return undefined;
    const pointer = (this.#word(at + POINTER) >>> 0) + this.#word(at + POINTER + 1) * TWO_TO_32;
    return { sequence: this.#word(at + SEQUENCE), assignment: this.#word(at + ASSIGNMENT), pointer };
  }

  /**
   * Gives back a slot that {@link hold} took.
   *
   * @param slot - The slot.
   * @param fired - Whether its step was cancelled.
   */
  release(slot: number, fired: boolean): void {
    const at = firstWord(slot) + STATE;
    Atomics.store(this.#words, at, fired ? SlotState.Fired : SlotState.Armed);
    Atomics.notify(this.#words, at);
  }

  /**
   * Checks whether a cancelled step still occupies its slot.
   *
   * @param slot - The slot.
   * @param sequence - The step.
   * @returns False once the slot is free or holds another step.
   */
  isFired(slot: number, sequence: number): boolean {
    return this.#state(slot) === SlotState.Fired && this.#word(firstWord(slot) + SEQUENCE) === sequence;
  }

  /**
   * Sleeps until it is time to look again. Without a step to watch, sleeps until there is one.
   *
   * @param isIdle - Whether no step is watched.
   * @returns How many milliseconds count as elapsed.
   */
  nap(isIdle: () => boolean): number {
    const words = this.#words;
    Atomics.store(words, IDLE, 1);
    const untilWoken = this.napMs === 0 || isIdle();
    if (!untilWoken) Atomics.store(words, IDLE, 0);
    const nap = this.napMs;
    const outcome = Atomics.wait(words, WAKE, 0, untilWoken ? Infinity : nap);
    Atomics.store(words, IDLE, 0);
    Atomics.store(words, WAKE, 0);
    // Count naps instead of reading a clock: in a process that was suspended for an hour, no replica waited for an
    // hour.
    return outcome === 'timed-out' ? nap : 0;
  }

  /**
   * Compares when two steps started.
   *
   * @param slot - The slot of one step.
   * @param other - The slot of the other step.
   * @returns True when the first one started earlier.
   */
  startedBefore(slot: number, other: number): boolean {
    const sequence = (each: number): number => this.#word(firstWord(each) + SEQUENCE);
    // The count may overflow.
    return ((sequence(slot) - sequence(other)) | 0) < 0;
  }

  /**
   * Checks whether a slot holds a step.
   *
   * @param slot - Any slot.
   * @returns True for a step in flight and for a cancelled one.
   */
  isInUse(slot: number): boolean {
    return this.#state(slot) !== SlotState.Free;
  }

  #state(slot: number): number {
    return Atomics.load(this.#words, firstWord(slot) + STATE);
  }

  #word(index: number): number {
    return this.#words[index] ?? 0;
  }

  #wake(): void {
    Atomics.store(this.#words, WAKE, 1);
    Atomics.notify(this.#words, WAKE);
  }
}

function firstWord(slot: number): number {
  return HEADER_WORDS + slot * SLOT_WORDS;
}
