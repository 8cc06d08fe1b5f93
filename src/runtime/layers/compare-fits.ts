/**
 * Compares a call of `fit` with those of the other processes: one with fewer steps would end, and the others would take
 * it for lost. Talks to the other processes; blocks this thread.
 */
import type { Cluster } from '../cluster/cluster.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

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
  cluster?.compare(cluster.nextName('fit'), fit, (fits) => fitDifference(cluster, fits), 'number of its rows');
}

function fitDifference(cluster: Cluster, fits: readonly ComparedFit[]): MirrorscopeError | undefined {
  const names = Object.keys(WORDS) as (keyof ComparedFit)[];
  const different = names.find((name) => fits.some((fit) => fit[name] !== fits[0]?.[name]));
  if (different === undefined) return undefined;
  const each = cluster.describeEach(fits.map((fit) => String(fit[different] ?? 'none')));
  return new MirrorscopeError(
    ErrorCode.WorkersDiffer,
    `The processes do not call fit alike: the number of ${WORDS[different]} differs: ${each}.`,
    { hint: 'Pass all rows in every process: each takes its own share of every batch.' },
  );
}
