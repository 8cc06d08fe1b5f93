/** Keeps what the training benchmark measured. Reads and writes docs/benchmarks/train.json and train.svg. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';

import { drawRatios } from './draw-ratios.js';

/** @import { TrainingRow } from './training-row.js' */

/**
 * Writes results. Rows of the same model and batch size replace the earlier ones; other earlier rows stay.
 * @param {readonly TrainingRow[]} rows - What was measured.
 * @param {object} scaling - What the threads allow on this machine.
 */
export function writeResults(rows, scaling) {
  const folder = new URL('../../docs/benchmarks/', import.meta.url);
  const file = fileURLToPath(new URL('train.json', folder));
  /** @type {unknown} */
  const earlier = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { rows: [] };
  const all = /** @type {{ rows: TrainingRow[] }} */ (earlier).rows;
  for (const row of rows) {
    const index = all.findIndex(({ model, batch }) => model === row.model && batch === row.batch);
    if (index < 0) all.push(row);
    else all[index] = row;
  }
  writeFileSync(file, `${JSON.stringify({ cpus: cpus().length, load: loadavg(), rows: all, scaling }, null, 2)}\n`);
  writeFileSync(new URL('train.svg', folder), drawRatios(all));
}
