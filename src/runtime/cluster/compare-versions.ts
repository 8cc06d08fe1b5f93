/**
 * Makes sure that the processes of a cluster run the same library: others may number or divide their collectives in
 * another way. Reads package.json; talks to the other processes.
 */
import type { Cluster } from './cluster.js';

import { readFileSync } from 'node:fs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** In a program that a bundler made, there is no package.json of the library. */
const UNKNOWN = 'bundled';

function libraryVersion(): string {
  try {
    const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
    const { name, version } = JSON.parse(text) as { name?: unknown; version?: unknown };
    return name === 'mirrorscope' && typeof version === 'string' ? version : UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}

/**
 * Compares the versions of all processes. Blocks this thread.
 *
 * @param cluster - The processes.
 * @param tensorFlow - The version of TensorFlow in this process.
 * @throws {MirrorscopeError} `WORKERS_DIFFER` when they differ; `WORKER_LOST` when a process does not answer.
 */
export function requireSameVersions(cluster: Cluster, tensorFlow: string): void {
  const own = `mirrorscope ${libraryVersion()} with TensorFlow ${tensorFlow}`;
  cluster.compare('versions', own, (versions) =>
    versions.every((version) => version === own) ? undefined : versionsDiffer(cluster, versions),
  );
}

function versionsDiffer(cluster: Cluster, versions: readonly string[]): MirrorscopeError {
  return new MirrorscopeError(
    ErrorCode.WorkersDiffer,
    `The processes do not run the same version of the library: ${cluster.describeEach(versions)}.`,
    { hint: 'Install the same versions of mirrorscope and TensorFlow on all machines.' },
  );
}
