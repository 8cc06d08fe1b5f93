/** What the watchdog's two threads tell each other beside the shared memory. Data only. */
import type { LibraryFiles } from '../../tensorflow/library-files.js';
import type { StuckWait, WatchedStep } from './watched-step.js';
import type { MessagePort } from 'node:worker_threads';

/** What the thread starts with. */
export interface ThreadData {
  readonly files: LibraryFiles;
  readonly buffer: SharedArrayBuffer;
  readonly port: MessagePort;
}

/** To the thread: what a slot stands for from now on. */
export interface Assignment {
  readonly slot: number;
  readonly assignment: number;
  readonly step: WatchedStep;
  readonly timeoutMs: number;
  /** Where the marks of each replica are. */
  readonly boards: readonly number[];
}

/** From the thread: why it has cancelled a step. */
export interface Verdict {
  readonly slot: number;
  readonly sequence: number;
  readonly wait: StuckWait;
}
