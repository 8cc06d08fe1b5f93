/** Reads a cluster from a JSON file. Reads files. */
import { closeSync, openSync, readSync } from 'node:fs';

import { fileAccessError } from '../../../errors/file-access-error.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';

import { clusterError, propertyOf } from './cluster-error.js';
import { ClusterSpec, type JobAddresses } from './cluster-spec.js';
import { MAX_JSON_LENGTH, parseJsonDocument } from './json-document.js';

/**
 * Reads a cluster from a JSON file. The file holds an object from jobs to addresses, or such an object under the key
 * `cluster`, as in `TF_CONFIG`.
 *
 * @param path - The path of the file.
 * @returns The cluster.
 * @throws {MirrorscopeError} `FILE_ACCESS` when the file cannot be read, `CLUSTER_CONFIGURATION` when it is malformed.
 *
 * @example
 * ```js
 * const resolver = new SimpleClusterResolver(readClusterSpec('cluster.json'), { taskType: 'worker', taskId: 1 });
 * ```
 */
export function readClusterSpec(path: string): ClusterSpec {
  const source = { document: path, path: '' };
  const value = parseJsonDocument(readBounded(path), path);
  // A job that is named `cluster` would have a list.
  const inner = isObject(value) ? value.cluster : undefined;
  const [cluster, place] = isObject(inner) ? [inner, propertyOf(source, 'cluster')] : [value, source];
  const spec = new ClusterSpec(cluster as Record<string, JobAddresses>, place);
  if (spec.jobs.length === 0) throw clusterError(place, 'has no jobs');
  return spec;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Reads a little more than the limit at most, so that a device file or a huge file does no harm. */
function readBounded(path: string): string {
  const buffer = Buffer.alloc(4 * MAX_JSON_LENGTH + 1);
  try {
    const file = openSync(path, 'r');
    try {
      let length = 0;
      for (;;) {
        const count = readSync(file, buffer, length, buffer.length - length, null);
        length += count;
        if (count === 0 || length === buffer.length) return buffer.toString('utf8', 0, length);
      }
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    const { code, message, hint } = fileAccessError('read', cause);
    throw new MirrorscopeError(code, `${path}: ${message}`, { hint, cause });
  }
}
