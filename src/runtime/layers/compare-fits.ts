/**
 * Compares a call of `fit` with those of the other processes: one with fewer steps would end, and the others would take
 * it for lost. Talks to the other processes; blocks this thread.
 */
import type { Cluster } from '../cluster/cluster.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { describeTask } from '../cluster/cluster-tasks.js';

/** What decides how many steps a call of `fit` takes, besides the batch size, which the steps compare. */
export interface ComparedFit {
  readonly rows: number | undefined;
  readonly validationRows: number | undefined;
  readonly epochs: number | undefined;
}

const WORDS: Readonly<Record<keyof ComparedFit, string>> = {
  rows: 'rows',
  validationRows: 'validation rows',
  epochs: 'epochs',
};

/**
 * Compares a call with those of the other processes.
 *
 * @param cluster - The processes. Without others, there is nothing to compare.
 * @param fit - The call in this process.
 * @throws {MirrorscopeError} `WORKERS_DIFFER` in every process when they differ.
 */
export function compareFits(cluster: Cluster | undefined, fit: ComparedFit): void {
  if (cluster === undefined) return;
  const subject = cluster.nextName('fit');
  const texts = cluster.exchange(subject, JSON.stringify(fit), 'number of its rows');
  const fits = texts.map((text) => JSON.parse(text) as Partial<ComparedFit>);
  const names = Object.keys(WORDS) as (keyof ComparedFit)[];
  const different = names.find((name) => fits.some((other) => other[name] !== fits[0]?.[name]));
  if (different === undefined) return;
  // The others must be able to read the texts, which are in the chief. A process that fails here soon ends.
  cluster.meetQuietly(`${subject}/read`);
  const each = fits.map((other, task) => {
    const described = cluster.tasks[task];
    return `${described === undefined ? '' : describeTask(described)} has ${String(other[different] ?? 'none')}`;
  });
  throw new MirrorscopeError(
    ErrorCode.WorkersDiffer,
    `The processes do not call fit alike: the number of ${WORDS[different]} differs: ${each.join('; ')}.`,
    { hint: 'Pass all rows in every process: each takes its own share of every batch.' },
  );
}
