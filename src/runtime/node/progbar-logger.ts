/**
 * What `verbose: 1` prints: a line for each epoch, and on a terminal a bar that moves. Touches tfjs's callbacks and stderr
 * (the bar) and stdout (the lines).
 */
import * as tf from '@tensorflow/tfjs';

type Logs = Readonly<Record<string, unknown>>;

const REDRAW_MILLISECONDS = 50;
const BAR_WIDTH = 30;

/** `loss=0.123 acc=0.9`, without the bookkeeping entries. */
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

/** The bar of an epoch: `[=====>    ] 12/40 eta=3.4s`. */
export function formatBar(done: number, total: number, elapsedMilliseconds: number): string {
  if (total === 0) return `${done} batches`;
  const filled = Math.floor((done / total) * BAR_WIDTH);
  const bar = '='.repeat(filled) + (filled < BAR_WIDTH ? '>' : '') + ' '.repeat(Math.max(0, BAR_WIDTH - filled - 1));
  const eta = done === 0 ? '' : ` eta=${(((elapsedMilliseconds / done) * (total - done)) / 1000).toFixed(1)}s`;
  return `[${bar}] ${done}/${total}${eta}`;
}

/** The progress callback that tfjs uses for `verbose: 1`. */
export class ProgbarLogger extends tf.CustomCallback {
  #epochStart = 0;
  #batches = 0;
  #lastDraw = 0;

  constructor() {
    super({
      onEpochBegin: async (epoch) => this.#begin(epoch),
      onBatchEnd: async (_batch, logs) => this.#batch(logs ?? {}),
      onEpochEnd: async (_epoch, logs) => this.#end(logs ?? {}),
    });
  }

  #total(): number {
    const { samples, batchSize, steps } = this.params as { samples?: number; batchSize?: number; steps?: number };
    if (samples !== undefined && batchSize !== undefined && samples !== null) return Math.ceil(samples / batchSize);
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
    process.stderr.write(`\r\u001b[K${text.slice(0, Math.max(20, (process.stderr.columns ?? 80) - 1))}`);
  }

  #end(logs: Logs): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    const milliseconds = performance.now() - this.#epochStart;
    const perStep = (milliseconds / Math.max(1, this.#batches)) * 1000;
    console.log(`${milliseconds.toFixed(0)}ms ${perStep.toFixed(0)}us/step - ${formatLogs(logs)}`);
  }
}
