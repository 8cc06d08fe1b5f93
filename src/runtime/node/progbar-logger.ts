/** Prints the progress of training for `verbose: 1`: a line per epoch on stdout and, on a terminal, a bar on stderr. */
import * as tf from '@tensorflow/tfjs';

type Logs = Readonly<Record<string, unknown>>;

const REDRAW_MILLISECONDS = 50;
const BAR_WIDTH = 30;

/**
 * Writes losses and metrics for people: `loss=0.123 acc=0.900`.
 *
 * @param logs - What tfjs passes to a callback.
 * @returns The numbers, without `batch` and `size`.
 */
export function formatLogs(logs: Logs): string {
  return Object.entries(logs)
    .filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[0] !== 'batch' && entry[0] !== 'size',
    )
    .map(
      ([name, value]) => `${name}=${value !== 0 && Math.abs(value) < 0.01 ? value.toExponential(2) : value.toFixed(3)}`,
    )
    .join(' ');
}

/**
 * Draws the bar of an epoch: `[=====>    ] 12/40 eta=3.4s`.
 *
 * @param done - Batches that are done.
 * @param total - Batches of the epoch; 0 if unknown.
 * @param elapsedMilliseconds - Time since the epoch began, in milliseconds.
 * @returns The bar.
 */
export function formatBar(done: number, total: number, elapsedMilliseconds: number): string {
  if (total === 0) return `${done} batches`;
  const filled = Math.floor((done / total) * BAR_WIDTH);
  const bar = '='.repeat(filled) + (filled < BAR_WIDTH ? '>' : '') + ' '.repeat(Math.max(0, BAR_WIDTH - filled - 1));
  const eta = done === 0 ? '' : ` eta=${(((elapsedMilliseconds / done) * (total - done)) / 1000).toFixed(1)}s`;
  return `[${bar}] ${done}/${total}${eta}`;
}

/**
 * Prints the progress of training. tfjs uses it for `verbose: 1`, which is the default.
 *
 * @example
 * ```ts
 * import * as tf from 'mirrorscope/node';
 *
 * await model.fit(x, y, { verbose: 0, callbacks: new tf.ProgbarLogger() });
 * ```
 */
export class ProgbarLogger extends tf.CustomCallback {
  #epochStart = 0;
  #batches = 0;
  #lastDraw = 0;

  constructor() {
    super({
      onEpochBegin: (epoch) => {
        this.#begin(epoch);
      },
      onBatchEnd: (_batch, logs) => {
        this.#batch(logs ?? {});
      },
      onEpochEnd: (_epoch, logs) => {
        this.#end(logs ?? {});
      },
    });
  }

  #total(): number {
    const { samples, batchSize, steps } = this.params as {
      samples?: number | null;
      batchSize?: number | null;
      steps?: number;
    };
    if (typeof samples === 'number' && typeof batchSize === 'number') return Math.ceil(samples / batchSize);
    return steps ?? 0;
  }

  #begin(epoch: number): void {
    console.log(`Epoch ${epoch + 1} / ${String(this.params['epochs'])}`);
    this.#epochStart = performance.now();
    this.#batches = 0;
  }

  #batch(logs: Logs): void {
    this.#batches++;
    const now = performance.now();
    if (!process.stderr.isTTY || (now - this.#lastDraw < REDRAW_MILLISECONDS && this.#batches !== this.#total()))
      return;
    this.#lastDraw = now;
    const text = `${formatBar(this.#batches, this.#total(), now - this.#epochStart)} ${formatLogs(logs)}`;
    // A pseudo-terminal may not know its width.
    process.stderr.write(`\r\u001b[K${text.slice(0, Math.max(20, (process.stderr.columns || 80) - 1))}`);
  }

  #end(logs: Logs): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    const milliseconds = performance.now() - this.#epochStart;
    const perStep = (milliseconds / Math.max(1, this.#batches)) * 1000;
    console.log(`${milliseconds.toFixed(0)}ms ${perStep.toFixed(0)}us/step - ${formatLogs(logs)}`);
  }
}
