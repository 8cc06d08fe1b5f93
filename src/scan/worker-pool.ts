/**
 * Runs tasks in worker threads, one at a time each. A worker that dies, however it dies, fails the
 * task it was at and is replaced. Starts threads; touches nothing else.
 */
import { Worker } from 'node:worker_threads';

/** How to spread work over threads. */
export interface WorkerPoolOptions {
  readonly workers: number;
  /** The module that each worker runs: it answers each message with one message. */
  readonly file: URL;
  readonly workerData: unknown;
}

/**
 * Sends each task to a worker and returns the answers in the order of the tasks.
 *
 * @param onDeath the result of a task whose worker died, from the reason
 * @param onDone called with the number of tasks that are done
 */
export function runInWorkers<Task, Result>(
  tasks: readonly Task[],
  { workers, file, workerData }: WorkerPoolOptions,
  onDeath: (task: Task, reason: Error) => Result,
  onDone: (done: number) => void,
): Promise<Result[]> {
  const results = new Array<Result>(tasks.length);
  const entries = tasks.entries();
  let done = 0;

  /** One lane of work; a new thread where the last one died. */
  const lane = async (): Promise<void> => {
    let thread: Thread | undefined;
    try {
      for (const [index, task] of entries) {
        thread = thread?.isAlive === true ? thread : new Thread(file, workerData);
        try {
          results[index] = (await thread.ask(task)) as Result;
        } catch (reason) {
          results[index] = onDeath(task, reason as Error);
        }
        onDone(++done);
      }
    } finally {
      await thread?.end();
    }
  };
  return Promise.all(Array.from({ length: workers }, lane)).then(() => results);
}

/** A worker thread that is asked one thing at a time. */
class Thread {
  readonly #worker: Worker;
  #waiting: { resolve: (answer: unknown) => void; reject: (reason: Error) => void } | undefined;
  isAlive = true;

  constructor(file: URL, workerData: unknown) {
    this.#worker = new Worker(file, { workerData });
    this.#worker.on('message', (answer) => {
      this.#waiting?.resolve(answer);
      this.#waiting = undefined;
    });
    this.#worker.on('error', (error) => this.#die(error instanceof Error ? error : new Error(String(error))));
    this.#worker.on('messageerror', (error) => this.#die(error));
    this.#worker.on('exit', (code) => this.#die(new Error(`it ended with code ${code}`)));
  }

  ask(task: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker.postMessage(task);
    });
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #die(reason: Error): void {
    this.isAlive = false;
    this.#waiting?.reject(reason);
    this.#waiting = undefined;
  }
}
