/**
 * Migrates the first candidates in a worker thread while the pre-filter still reads: in a large tree with little to do, the
 * thread has loaded program and parser, and is done, when the reading ends. Starts a thread; reads files; writes none.
 */
import { availableParallelism } from 'node:os';
import type { ReportedFile } from '../report/run-report.js';
import type { MigrationSettings } from './migrate-file.js';
import { Thread } from './worker-pool.js';

/** Reading fewer files is done before a thread has started. */
const FILES_WORTH_A_THREAD = 1500;

/** With more text than this, several threads are quicker than one that began earlier. */
const MOST_BYTES = 1_000_000;

/** What is migrated ahead. */
export class MigrationAhead {
  readonly #thread: Thread;
  readonly #answers = new Map<string, Promise<ReportedFile | undefined>>();
  #bytes = 0;

  constructor(file: URL, settings: MigrationSettings) {
    this.#thread = new Thread(file, settings);
  }

  /** Takes a candidate, by its path relative to the root, unless there is enough to do. */
  offer(path: string, bytes: number): void {
    if (!this.#thread.isAlive || this.#bytes + bytes > MOST_BYTES) return;
    this.#bytes += bytes;
    // What a thread that died was at is migrated in the ordinary way, which tells of it.
    const answer = this.#thread.ask(path).then((result) => result as ReportedFile, () => undefined);
    this.#answers.set(path, answer);
  }

  /** The results by path; ends the thread. */
  async results(): Promise<ReadonlyMap<string, ReportedFile>> {
    const results = new Map<string, ReportedFile>();
    for (const [path, answer] of this.#answers) {
      const result = await answer;
      if (result !== undefined) results.set(path, result);
    }
    await this.discard();
    return results;
  }

  /** Ends the thread, whatever it is at. */
  async discard(): Promise<void> {
    await this.#thread.end();
  }
}

/** Whether a run is worth a thread from its start. @param threads - As asked for; undefined leaves the choice to the amount of work. */
export function isWorthAhead(files: number, threads: number | undefined): boolean {
  return files >= FILES_WORTH_A_THREAD && (threads ?? availableParallelism()) > 1;
}
