/**
 * Runs tasks in worker threads, one task at a time in each. When a worker dies, its task fails and a new worker takes
 * its place. Starts and ends threads.
 */
import { Worker } from 'node:worker_threads';

/** How to spread work over threads. */
export interface WorkerPoolOptions {
  readonly workers: number;
  /** The module that each worker runs. It answers each message with one message. */
  readonly file: URL;
  readonly workerData: unknown;
}

/**
 * Sends each task to a worker.
 *
 * @param tasks - The tasks.
 * @param options - How to spread them.
 * @param onDeath - Makes the result of a task whose worker died.
 * @param onDone - Receives the number of finished tasks.
 * @returns The answers, in the order of the tasks.
 */
export async function runInWorkers<Task, Result>(
  tasks: readonly Task[],
  { workers, file, workerData }: WorkerPoolOptions,
  onDeath: (task: Task, reason: Error) => Result,
  onDone: (done: number) => void,
): Promise<Result[]> {
  const results = new Array<Result>(tasks.length);
  const entries = tasks.entries();
  let done = 0;

  /** Takes tasks until none is left, with one thread at a time. */
  const lane = async (): Promise<void> => {
    let thread: Thread | undefined;
    try {
      for (const [index, task] of entries) {
        thread = thread?.isAlive === true ? thread : new Thread(file, workerData);
        try {
          results[index] = (await thread.ask(task)) as Result;
        } catch (reason) {
          results[index] = onDeath(task, asError(reason));
        }
        done += 1;
        onDone(done);
      }
    } finally {
      await thread?.end();
    }
  };
  await Promise.all(Array.from({ length: workers }, lane));
  return results;
}

interface PendingAnswer {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (reason: Error) => void;
}

/** A worker thread that works on one task at a time. */
class Thread {
  readonly #worker: Worker;
  #pending: PendingAnswer | undefined;
  isAlive = true;

  constructor(file: URL, workerData: unknown) {
    this.#worker = new Worker(file, { workerData });
    this.#worker.on('message', (answer) => {
      this.#pending?.resolve(answer);
      this.#pending = undefined;
    });
    this.#worker.on('error', (error) => {
      this.#die(asError(error));
    });
    this.#worker.on('messageerror', (error) => {
      this.#die(error);
    });
    this.#worker.on('exit', (code) => {
      this.#die(new Error(`it ended with code ${code}`));
    });
  }

  ask(task: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#worker.postMessage(task);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #die(reason: Error): void {
    this.isAlive = false;
    this.#pending?.reject(reason);
    this.#pending = undefined;
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
