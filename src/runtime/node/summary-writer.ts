/**
 * TensorBoard event files, written by TensorFlow's own summary ops. Touches the session's executor; TensorFlow writes files.
 */
import type { Handle, OpInput } from '../tensorflow/op-executor.js';
import type { Scalar, Tensor } from '@tensorflow/tfjs';

import { attributes, NO_ATTRIBUTES, string } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';

import { currentBackend } from './current-backend.js';

const utf8 = new TextEncoder();

/** Writes one TensorBoard run. */
export class SummaryFileWriter {
  readonly #resource: Handle;

  constructor(resource: Handle) {
    this.#resource = resource;
  }

  #run(op: string, step: number | undefined, inputs: readonly Handle[]): void {
    const { executor } = currentBackend();
    const stepHandle = executor.fromHost(BigInt64Array.of(BigInt(Math.trunc(step ?? 0))), [], DataTypeCode.Int64);
    const all: OpInput[] = step === undefined ? [this.#resource, ...inputs] : [this.#resource, stepHandle, ...inputs];
    try {
      executor.execute(op, NO_ATTRIBUTES, all, 0);
    } finally {
      stepHandle.dispose();
    }
  }

  #named(name: string, write: (tag: Handle) => void): void {
    const tag = currentBackend().executor.fromHost([utf8.encode(name)], [], DataTypeCode.String);
    try {
      write(tag);
    } finally {
      tag.dispose();
    }
  }

  /** Records a number at a step. */
  scalar(name: string, value: Scalar | number, step: number, _description?: string): void {
    const backend = currentBackend();
    this.#named(name, (tag) => {
      const made =
        typeof value === 'number'
          ? backend.executor.fromHost(Float32Array.of(value), [], DataTypeCode.Float)
          : undefined;
      this.#run('WriteScalarSummary', step, [tag, made ?? backend.handleOf(value as Scalar)]);
      made?.dispose();
    });
  }

  /** Records the distribution of a tensor's values at a step. TensorFlow chooses the buckets. */
  histogram(name: string, data: Tensor, step: number, _buckets?: number, _description?: string): void {
    const handle = currentBackend().handleOf(data);
    this.#named(name, (tag) => this.#run('WriteHistogramSummary', step, [tag, handle]));
  }

  /** Writes out what is buffered. */
  flush(): void {
    this.#run('FlushSummaryWriter', undefined, []);
  }

  /** Flushes and closes the file. */
  close(): void {
    this.#run('CloseSummaryWriter', undefined, []);
    this.#resource.dispose();
  }
}

/**
 * Opens an event file in a directory.
 * @param maxQueue events to buffer; @param flushMillis how long to buffer them.
 */
export function summaryFileWriter(
  logdir: string,
  maxQueue = 10,
  flushMillis = 120_000,
  filenameSuffix = '.v2',
): SummaryFileWriter {
  const { executor } = currentBackend();
  const resource = executor.execute1(
    'SummaryWriter',
    attributes(string('shared_name', `${logdir}|${filenameSuffix}|${performance.now()}`), string('container', '')),
    [],
  );
  const strings = [logdir, filenameSuffix].map((text) =>
    executor.fromHost([utf8.encode(text)], [], DataTypeCode.String),
  ) as [Handle, Handle];
  const numbers = [maxQueue, flushMillis].map((value) => executor.constant([value], [], DataTypeCode.Int32)) as [
    Handle,
    Handle,
  ];
  try {
    executor.execute(
      'CreateSummaryFileWriter',
      NO_ATTRIBUTES,
      [resource, strings[0], numbers[0], numbers[1], strings[1]],
      0,
    );
  } finally {
    for (const handle of strings) handle.dispose();
  }
  return new SummaryFileWriter(resource);
}
