/** What the programs of a cluster's processes share. Writes the result file. */
import { writeFileSync } from 'node:fs';

import { MultiWorkerMirroredStrategy, type MultiWorkerMirroredStrategyOptions } from '../../../../src/runtime/index.js';

interface TfConfig {
  readonly cluster: { readonly worker: readonly string[] };
  readonly task: { readonly type: string; readonly index: number };
}

/** The number of this process. */
export const WORKER = (JSON.parse(process.env['TF_CONFIG'] ?? '{}') as TfConfig).task.index;

/** Makes the strategy of this process's cluster, with the devices that `DEVICES` asks for. */
export function makeStrategy(options: Partial<MultiWorkerMirroredStrategyOptions> = {}): MultiWorkerMirroredStrategy {
  const { cluster, task } = JSON.parse(process.env['TF_CONFIG'] ?? '{}') as TfConfig;
  return new MultiWorkerMirroredStrategy({
    clusterResolver: {
      taskType: task.type,
      taskId: task.index,
      clusterSpec: () => ({
        jobs: ['worker'],
        taskIndices: () => cluster.worker.map((_, index) => index),
        taskAddress: (_, index) => cluster.worker[index] ?? '',
      }),
    },
    allowUnauthenticatedPeers: true,
    devices: Number(process.env['DEVICES'] ?? '1'),
    ...options,
  });
}

/** Hands the result of this process to the test. Typed arrays become lists. */
export function writeResult(result: unknown): void {
  const plain = (_: string, value: unknown): unknown =>
    ArrayBuffer.isView(value) ? Array.from(value as never) : value;
  writeFileSync(process.env['RESULT_FILE'] ?? '', JSON.stringify(result, plain));
}
