/** Reads the JSON of the environment variable `TF_CONFIG`. Pure. */
import { clusterError, propertyOf, shortJson, type ValueSource } from './cluster-error.js';
import { ClusterSpec, type JobAddresses } from './cluster-spec.js';
import { parseJsonDocument } from './json-document.js';

/** The name of the environment variable. */
export const TF_CONFIG = 'TF_CONFIG';

const DOCUMENT: ValueSource = { document: TF_CONFIG, path: '' };
const TASK = propertyOf(DOCUMENT, 'task');
const WHOLE_NUMBER = /^[\t\n\v\f\r ]*\+?\d{1,9}[\t\n\v\f\r ]*$/;

/** The part of `TF_CONFIG` that the resolver reads. Without the variable, everything is undefined. */
export class TfConfig {
  readonly #value: ReadonlyMap<string, unknown>;

  /**
   * @param text - The value of the environment variable; undefined when it is not set.
   * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when the text is no JSON object.
   */
  constructor(text: string | undefined) {
    this.#value = text === undefined ? new Map() : entriesOf(parseJsonDocument(text, TF_CONFIG), DOCUMENT);
  }

  /** The cluster; without jobs when none is given. */
  clusterSpec(): ClusterSpec {
    if (!this.#value.has('cluster')) return new ClusterSpec({});
    return new ClusterSpec(this.#value.get('cluster') as Record<string, JobAddresses>, propertyOf(DOCUMENT, 'cluster'));
  }

  /** The job of this process. */
  get taskType(): string | undefined {
    const task = this.#task();
    if (!task.has('type')) return undefined;
    return textOf(task.get('type'), propertyOf(TASK, 'type'));
  }

  /** The index of this process in its job. TensorFlow also reads an index that is given as text. */
  get taskId(): number | undefined {
    const task = this.#task();
    if (!task.has('index')) return undefined;
    const index = task.get('index');
    const isNumber = typeof index === 'number' ? Number.isSafeInteger(index) && index >= 0 : false;
    if (isNumber || (typeof index === 'string' && WHOLE_NUMBER.test(index))) return Number(index);
    throw clusterError(propertyOf(TASK, 'index'), `must be a whole number of 0 or more; it is ${shortJson(index)}`);
  }

  /** The protocol between the processes. */
  get rpcLayer(): string | undefined {
    const layer = this.#value.get('rpc_layer');
    return layer === undefined || layer === null ? undefined : textOf(layer, propertyOf(DOCUMENT, 'rpc_layer'));
  }

  #task(): ReadonlyMap<string, unknown> {
    return this.#value.has('task') ? entriesOf(this.#value.get('task'), TASK) : new Map();
  }
}

function entriesOf(value: unknown, source: ValueSource): ReadonlyMap<string, unknown> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return new Map(Object.entries(value));
  throw clusterError(source, `must be a JSON object; it is ${shortJson(value)}`);
}

function textOf(value: unknown, source: ValueSource): string {
  if (typeof value === 'string') return value;
  throw clusterError(source, `must be text; it is ${shortJson(value)}`);
}
