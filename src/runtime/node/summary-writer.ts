/** Writes event files for TensorBoard with TensorFlow's summary ops. Writes files. Runs ops. */
import type { Handle, OpInput } from '../tensorflow/op-executor.js';
import type { Scalar, Tensor } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { attributes, NO_ATTRIBUTES, string } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';

import { mirrorscopeBackend } from './current-backend.js';

const utf8 = new TextEncoder();

/**
 * Writes the event file of one TensorBoard run.
 *
 * @example
 * ```ts
 * const writer = tf.node.summaryFileWriter('logs/train');
 * writer.scalar('loss', 0.25, 1);
 * writer.close();
 * ```
 */
export class SummaryFileWriter {
  readonly #resource: Handle;

  /** @param resource - TensorFlow's writer. `summaryFileWriter` makes it. */
  constructor(resource: Handle) {
    this.#resource = resource;
  }

  #run(op: string, step: number | undefined, inputs: readonly Handle[]): void {
    const { executor } = mirrorscopeBackend();
    const stepHandle = executor.fromHost(BigInt64Array.of(BigInt(Math.trunc(step ?? 0))), [], DataTypeCode.Int64);
    const all: OpInput[] = step === undefined ? [this.#resource, ...inputs] : [this.#resource, stepHandle, ...inputs];
    try {
      executor.execute(op, NO_ATTRIBUTES, all, 0);
    } finally {
      stepHandle.dispose();
    }
  }

  #named(name: string, write: (tag: Handle) => void): void {
    const tag = mirrorscopeBackend().executor.fromHost([utf8.encode(name)], [], DataTypeCode.String);
    try {
      write(tag);
    } finally {
      tag.dispose();
    }
  }

  /**
   * Records a number.
   *
   * @param name - Tag of the series.
   * @param value - A number, or a tensor with one element.
   * @param step - Step of training; an integer.
   * @param _description - Ignored; tfjs-node has it.
   * @throws {TensorFlowError} When the file cannot be written.
   */
  scalar(name: string, value: Scalar | number, step: number, _description?: string): void {
    const backend = mirrorscopeBackend();
    this.#named(name, (tag) => {
      const made =
        typeof value === 'number'
          ? backend.executor.fromHost(Float32Array.of(value), [], DataTypeCode.Float)
          : undefined;
      this.#run('WriteScalarSummary', step, [tag, made ?? backend.handleOf(value as Scalar)]);
      made?.dispose();
    });
  }

  /**
   * Records the distribution of a tensor's values.
   *
   * @param name - Tag of the series.
   * @param data - A tensor of numbers, of any shape.
   * @param step - Step of training; an integer.
   * @param _buckets - Ignored: TensorFlow chooses the buckets.
   * @param _description - Ignored; tfjs-node has it.
   * @throws {TensorFlowError} When the file cannot be written.
   */
  histogram(name: string, data: Tensor, step: number, _buckets?: number, _description?: string): void {
    const handle = mirrorscopeBackend().handleOf(data);
    this.#named(name, (tag) => {
      this.#run('WriteHistogramSummary', step, [tag, handle]);
    });
  }

  /** Writes the buffered events to the file. */
  flush(): void {
    this.#run('FlushSummaryWriter', undefined, []);
  }

  /** Writes the buffered events and closes the file. The writer cannot be used afterwards. */
  close(): void {
    this.#run('CloseSummaryWriter', undefined, []);
    this.#resource.dispose();
  }
}

/**
 * Opens an event file for TensorBoard.
 *
 * @param logdir - Folder of the file.
 * @param maxQueue - How many events are buffered.
 * @param flushMillis - How long events are buffered, in milliseconds.
 * @param filenameSuffix - End of the file's name.
 * @returns The writer. Close it at the end.
 * @throws {TensorFlowError} When the folder cannot be written to.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` without a folder; `ENGINE_UNAVAILABLE` when there is no usable
 *   TensorFlow library.
 *
 * @example
 * ```ts
 * const writer = tf.node.summaryFileWriter('logs/train');
 * ```
 */
export function summaryFileWriter(
  logdir: string,
  maxQueue = 10,
  flushMillis = 120_000,
  filenameSuffix = '.v2',
): SummaryFileWriter {
  if (typeof logdir !== 'string' || logdir === '')
    throw new MirrorscopeError(ErrorCode.InvalidArgument, 'summaryFileWriter needs the folder of the event file.', {
      hint: "For example: tf.node.summaryFileWriter('logs/train').",
    });
  const { executor } = mirrorscopeBackend();
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
