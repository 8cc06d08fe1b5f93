/**
 * Makes global batches of the rows that each process reads for itself. A process fills in only the rows of its own
 * replicas. Touches the dataset and tensors, and runs collectives.
 */
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { ReplicaTopology } from '../replica-topology.js';
import type { InputPeers } from './input-peers.js';
import type { ProcessShare } from './shardable-dataset.js';
import type { DataType, Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { flattenStructure, mapStructure } from '../nest.js';
import { splitRows } from '../split-batch.js';

import { rowsOf } from './batch-rows.js';
import { RowBuffer } from './row-buffer.js';

/** What a process says about its dataset before the first batch. */
interface Start {
  /** The rows of its first batch. */
  readonly rows: number;
  readonly replicas: number;
  /** The structure of a batch, with the type and shape of a row as leaves. Absent if it has no rows. */
  readonly template?: unknown;
  readonly files?: readonly string[];
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** Folders differ between machines. */
const baseName = (file: string): string => file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);

function requireSameFiles(starts: readonly Start[]): void {
  const lists = starts.map(({ files }) => JSON.stringify(files ?? null));
  const other = lists.findIndex((list) => list !== lists[0]);
  if (other === -1) return;
  const words = (index: number): string => {
    const files = starts[index]?.files;
    return files === undefined ? 'shares no files' : `has ${files.length} files: ${files.slice(0, 5).join(', ')}`;
  };
  throw new MirrorscopeError(
    ErrorCode.WorkersDiffer,
    `The workers do not share the same files: worker 0 ${words(0)}; worker ${other} ${words(other)}.`,
    { hint: 'Pass the same list to every worker, in the same order. Sort lists of folders, and use the same policy.' },
  );
}

/** How many rows of a global batch each process has. */
function rowsOfProcesses(rows: number, starts: readonly Start[]): number[] {
  const ofReplicas = splitRows(rows, sum(starts.map(({ replicas }) => replicas))).map(({ size }) => size);
  return starts.map(({ replicas }) => sum(ofReplicas.splice(0, replicas)));
}

/** Puts the rows of this process at their place in the global batch. The rows of other processes are zeros. */
function padded(tf: TensorFlowJs, leaf: string, own: Tensor | undefined, { before, total }: Place): Tensor {
  const [dtype, sizes = ''] = leaf.split(':');
  const shape = own?.shape.slice(1) ?? (sizes === '' ? [] : sizes.split(',').map(Number));
  const zeros = (rows: number): Tensor[] => (rows === 0 ? [] : [tf.zeros([rows, ...shape], dtype as DataType)]);
  const after = total - before - (own?.shape[0] ?? 0);
  return tf.tidy(() => tf.concat([...zeros(before), ...(own === undefined ? [] : [own]), ...zeros(after)], 0));
}

/** The place of some rows in a batch. */
interface Place {
  readonly before: number;
  readonly total: number;
}

/** The parts of {@link shardedBatches}. */
export interface ShardedInput {
  readonly tf: TensorFlowJs;
  readonly topology: Pick<ReplicaTopology, 'processIndex' | 'localReplicaCount'>;
  readonly peers: InputPeers;
  readonly share: ProcessShare;
}

/**
 * Reads the dataset of this process, in batches that the processes make together. Each takes as many rows as it would
 * have of a global batch. If the processes run out of rows at different times, the rest is shared out anew, so that all
 * end together.
 */
export async function* shardedBatches({ tf, topology, peers, share }: ShardedInput): AsyncGenerator {
  const source = await share.dataset.iterator();
  const buffer = new RowBuffer(tf);
  let ownTemplate: unknown;
  let hasEnded = false;
  const fill = async (rows: number): Promise<void> => {
    while (!hasEnded && buffer.rows < rows) {
      const element = await source.next();
      hasEnded = element.done === true;
      if (hasEnded) return;
      ownTemplate ??= mapStructure(element.value, (leaf) => {
        rowsOf(leaf);
        const { dtype, shape } = leaf as Tensor;
        return `${dtype}:${shape.slice(1).join(',')}`;
      });
      buffer.add(flattenStructure(element.value) as Tensor[]);
    }
  };
  try {
    await fill(1);
    const files = share.files?.map(baseName);
    const own = { rows: buffer.rows, replicas: topology.localReplicaCount, template: ownTemplate, files };
    const starts = (await peers.exchange(JSON.stringify(own))).map((text) => JSON.parse(text) as Start);
    requireSameFiles(starts);
    const template = starts.find((start) => start.template !== undefined)?.template;
    const wanted = rowsOfProcesses(Math.max(...starts.map(({ rows }) => rows)), starts)[topology.processIndex] ?? 0;
    for (;;) {
      await fill(Math.max(1, wanted));
      const size = Math.min(Math.max(1, wanted), buffer.rows);
      const counts = await peers.counts(size);
      const total = sum(counts);
      if (total === 0) return;
      const rows = buffer.take(size);
      const isInPlace = rowsOfProcesses(total, starts).every((count, process) => count === counts[process]);
      const before = sum(counts.slice(0, topology.processIndex));
      const batch: Tensor[] = [];
      for (const [index, leaf] of flattenStructure(template).entries()) {
        const tensor = rows[index];
        batch.push(isInPlace ? padded(tf, String(leaf), tensor, { before, total }) : await peers.gather(tensor));
      }
      tf.dispose(rows);
      let next = 0;
      yield mapStructure(template, () => batch[next++]);
    }
  } finally {
    buffer.dispose();
  }
}
