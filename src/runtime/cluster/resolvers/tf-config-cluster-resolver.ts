/** The resolver that reads the environment variable `TF_CONFIG`. Reads the environment. */
import type { ClusterSpec } from './cluster-spec.js';

import { ClusterResolver } from './cluster-resolver.js';
import { TF_CONFIG, TfConfig } from './tf-config.js';

/** Options of {@link TFConfigClusterResolver}. They override what `TF_CONFIG` says. */
export interface TFConfigClusterResolverOptions {
  /** The job of this process. */
  readonly taskType?: string | undefined;
  /** The index of this process in its job. */
  readonly taskId?: number | undefined;
  /** The protocol between the processes. */
  readonly rpcLayer?: string | undefined;
}

/**
 * Reads the cluster from the environment variable `TF_CONFIG`, as
 * `tf.distribute.cluster_resolver.TFConfigClusterResolver`. Without the variable, or without a cluster in it, this
 * process trains alone. The variable is read anew for each question.
 *
 * @example
 * ```js
 * process.env.TF_CONFIG = JSON.stringify({
 *   cluster: { worker: ['10.0.0.1:2222', '10.0.0.2:2222'] },
 *   task: { type: 'worker', index: 0 },
 * });
 * new TFConfigClusterResolver().taskId; // 0
 * ```
 */
export class TFConfigClusterResolver extends ClusterResolver {
  readonly #options: TFConfigClusterResolverOptions;

  /** @param options - What to use instead of the values in `TF_CONFIG`. */
  constructor(options: TFConfigClusterResolverOptions = {}) {
    super();
    this.#options = options;
  }

  get taskType(): string | undefined {
    return this.#options.taskType ?? read().taskType;
  }

  get taskId(): number | undefined {
    return this.#options.taskId ?? read().taskId;
  }

  get rpcLayer(): string | undefined {
    return this.#options.rpcLayer ?? read().rpcLayer;
  }

  /**
   * Returns the cluster of `TF_CONFIG`.
   *
   * @returns The cluster; without jobs when `TF_CONFIG` has none.
   * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when `TF_CONFIG` is malformed; the message has the JSON path.
   */
  clusterSpec(): ClusterSpec {
    return read().clusterSpec();
  }
}

function read(): TfConfig {
  return new TfConfig(process.env[TF_CONFIG]);
}
