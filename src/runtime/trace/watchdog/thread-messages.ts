/** The messages between the JavaScript thread and the watchdog's thread, besides the shared memory. Data only. */
import type { LibraryFiles } from '../../tensorflow/library-files.js';
import type { PeerAction } from './peer-waits.js';
import type { PeerNames, StuckWait, WatchedStep } from './watched-step.js';
import type { MessagePort } from 'node:worker_threads';

/** The data that the thread starts with. */
export interface ThreadData {
  readonly files: LibraryFiles;
  readonly buffer: SharedArrayBuffer;
  readonly port: MessagePort;
  /** The address of the context. */
  readonly context: number;
  /** Where to say that the library is open, if somebody waits for it: a `StartSignal`. */
  readonly startSignal: number | undefined;
}

/** The data that the thread starts with which talks to the other processes. */
export interface PeerWaitData {
  readonly files: LibraryFiles;
  readonly context: number;
  readonly peers: PeerNames;
}

/** To that thread: a wait. */
export interface PeerWaitMessage {
  readonly action: PeerAction;
  /** Names the collective: the same in every process. */
  readonly place: string;
  readonly step: string;
  readonly words: string;
  readonly seconds: number;
}

/** To the thread: the step that a slot holds from now on. */
export interface Assignment {
  readonly slot: number;
  /** Counts the assignments of all slots. */
  readonly assignment: number;
  readonly step: WatchedStep;
  readonly timeoutMs: number;
  /** The address of each replica's board. */
  readonly boards: readonly number[];
}

/** From the thread: why it has cancelled a step. */
export interface Verdict {
  readonly slot: number;
  readonly sequence: number;
  readonly wait: StuckWait;
}
