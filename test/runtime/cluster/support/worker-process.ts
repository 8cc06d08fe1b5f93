/** What the programs of a cluster's processes share. Writes the result file. */
import { writeFileSync } from 'node:fs';

import { MultiWorkerMirroredStrategy, type MultiWorkerMirroredStrategyOptions } from '../../../../src/runtime/index.js';

/** Makes the strategy of this process's cluster, with the devices that `DEVICES` asks for. */
export function makeStrategy(options: MultiWorkerMirroredStrategyOptions = {}): MultiWorkerMirroredStrategy {
  return new MultiWorkerMirroredStrategy({
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
