/**
 * Runs Python's SavedModels: load, choose a signature, predict. Touches the C API (a TF_Session) and the backend.
 */
import type { MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type * as tf from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { session as runtime } from '../backend/index.js';
import { attributes, type } from '../tensorflow/attributes.js';
import { encodeConfigProto } from '../tensorflow/context-configuration.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';
import { Status } from '../tensorflow/status.js';
import { TensorHandle } from '../tensorflow/tensor-handle.js';

import { currentBackend } from './current-backend.js';
import { getMetaGraphsFromSavedModel, type SavedModelTensorInfo, type SignatureDefEntry } from './saved-model-info.js';

type NamedTensors = Readonly<Record<string, tf.Tensor>>;
type Predicted = tf.Tensor | tf.Tensor[] | Record<string, tf.Tensor>;

/** `TF_Output` is a pointer and an int, padded to 16 bytes. */
const OUTPUT_BYTES = 16;

/** A loaded graph with its session, shared by the models of one path and tags. */
class LoadedGraph {
  readonly #graph: number;
  readonly #session: number;
  readonly #status: Status;
  users = 0;

  constructor(path: string, tags: readonly string[]) {
    const { api, messages, configuration } = runtime.context;
    this.#status = new Status(api);
    const options = api.TF_NewSessionOptions();
    const config = encodeConfigProto(messages, configuration);
    api.TF_SetConfig(options, config, config.length, this.#status.pointer);
    this.#graph = api.TF_NewGraph();
    const tagPointers = BigUint64Array.from(tags, (tag) => BigInt(api.memory.constantString(tag)));
    this.#session = api.TF_LoadSessionFromSavedModel(
      options,
      0,
      path,
      tagPointers,
      tags.length,
      this.#graph,
      0,
      this.#status.pointer,
    );
    api.TF_DeleteSessionOptions(options);
    const error = this.#status.takeErrorIfAny('TF_LoadSessionFromSavedModel');
    if (error) {
      api.TF_DeleteGraph(this.#graph);
      throw error;
    }
  }

  #outputs(names: readonly string[]): Uint8Array {
    const bytes = new Uint8Array(names.length * OUTPUT_BYTES);
    const view = new DataView(bytes.buffer);
    names.forEach((name, index) => {
      const [operation, position = '0'] = name.split(':') as [string, string?];
      const pointer = runtime.context.api.TF_GraphOperationByName(this.#graph, operation);
      if (pointer === 0)
        throw new MirrorscopeError(ErrorCode.InvalidArgument, `The SavedModel's graph has no tensor ${name}.`);
      view.setBigUint64(index * OUTPUT_BYTES, BigInt(pointer), true);
      view.setInt32(index * OUTPUT_BYTES + 8, Number(position), true);
    });
    return bytes;
  }

  run(inputNames: readonly string[], inputs: readonly TensorHandle[], outputNames: readonly string[]): TensorHandle[] {
    const { api, handles } = runtime.context;
    const feeds = this.#outputs(inputNames);
    const fetches = this.#outputs(outputNames);
    const tensors = inputs.map((handle) => {
      const tensor = api.TFE_TensorHandleResolve(handle.pointer, this.#status.pointer);
      this.#status.check('TFE_TensorHandleResolve');
      return tensor;
    });
    const values = BigUint64Array.from(tensors, (tensor) => BigInt(tensor));
    const results = new BigUint64Array(Math.max(1, outputNames.length));
    api.TF_SessionRun(
      this.#session,
      0,
      feeds,
      values,
      inputs.length,
      fetches,
      results,
      outputNames.length,
      new Uint8Array(0),
      0,
      0,
      this.#status.pointer,
    );
    const error = this.#status.takeErrorIfAny('TF_SessionRun');
    for (const tensor of tensors) api.TF_DeleteTensor(tensor);
    if (error) throw error;
    return outputNames.map((_name, index) => {
      const tensor = Number(results[index]);
      const pointer = api.TFE_NewTensorHandle(tensor, this.#status.pointer);
      api.TF_DeleteTensor(tensor);
      this.#status.check('TFE_NewTensorHandle');
      return new TensorHandle(handles, pointer);
    });
  }

  delete(): void {
    const { api } = runtime.context;
    api.TF_CloseSession(this.#session, this.#status.pointer);
    api.TF_DeleteSession(this.#session, this.#status.pointer);
    api.TF_DeleteGraph(this.#graph);
    this.#status.delete();
  }
}

/** The graphs that are loaded now, by path and tags. */
class LoadedGraphs {
  readonly #graphs = new Map<string, LoadedGraph>();

  /** A graph for one more user. */
  open(path: string, tags: readonly string[]): { key: string; graph: LoadedGraph } {
    const key = JSON.stringify([path, ...[...tags].sort()]);
    let graph = this.#graphs.get(key);
    if (!graph) this.#graphs.set(key, (graph = new LoadedGraph(path, tags)));
    graph.users++;
    return { key, graph };
  }

  /** One user less; the last one closes the session. */
  close(key: string): void {
    const graph = this.#graphs.get(key);
    if (!graph) return;
    graph.users--;
    if (graph.users > 0) return;
    this.#graphs.delete(key);
    graph.delete();
  }

  get users(): number {
    return [...this.#graphs.values()].reduce((total, graph) => total + graph.users, 0);
  }
}

const loadedGraphs = new LoadedGraphs();

/** Element types of a signature that differ from tfjs's: what an input is cast to. */
const INPUT_TYPES: ReadonlyMap<string, DataTypeCode> = new Map([
  ['DT_FLOAT', DataTypeCode.Float],
  ['DT_DOUBLE', DataTypeCode.Double],
  ['DT_HALF', DataTypeCode.Half],
  ['DT_BFLOAT16', DataTypeCode.BFloat16],
  ['DT_INT64', DataTypeCode.Int64],
  ['DT_INT32', DataTypeCode.Int32],
  ['DT_INT16', DataTypeCode.Int16],
  ['DT_INT8', DataTypeCode.Int8],
  ['DT_UINT8', DataTypeCode.UInt8],
  ['DT_BOOL', DataTypeCode.Bool],
]);

/** A SavedModel with one signature chosen; predicts as a tfjs InferenceModel does. */
export class TFSavedModel {
  readonly #key: string;
  readonly #graph: LoadedGraph;
  readonly #signature: SignatureDefEntry;
  #disposed = false;

  constructor(key: string, graph: LoadedGraph, signature: SignatureDefEntry) {
    this.#key = key;
    this.#graph = graph;
    this.#signature = signature;
  }

  get inputs(): SavedModelTensorInfo[] {
    return Object.values(this.#signature.inputs);
  }

  get outputs(): SavedModelTensorInfo[] {
    return Object.values(this.#signature.outputs);
  }

  /** Output tensor names in the graph, by their names in the signature. */
  get outputNodeNames(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.#signature.outputs).map(([name, info]) => [name, info.name]));
  }

  /**
   * Runs the signature.
   * @param inputs one tensor, tensors in the signature's order, or tensors by the signature's input names.
   * @returns what was given: a tensor for a tensor, a list for a list, a map for a map; a signature with several outputs gives a
   *   list or a map.
   * @throws MirrorscopeError `INVALID_ARGUMENT` for missing inputs; TensorFlowError when the graph refuses them.
   */
  predict(inputs: tf.Tensor | tf.Tensor[] | NamedTensors, _config?: unknown): Predicted {
    const names = Object.keys(this.#signature.outputs);
    const tensors = this.#run(
      inputs,
      this.outputs.map(({ name }) => name),
    );
    if (isTensor(inputs)) return tensors.length > 1 ? tensors : (tensors[0] as tf.Tensor);
    if (Array.isArray(inputs)) return tensors;
    return Object.fromEntries(names.map((name, index) => [name, tensors[index] as tf.Tensor]));
  }

  /** Runs the graph up to some of its tensors. @param outputs names in the graph or in the signature. */
  execute(inputs: tf.Tensor | tf.Tensor[] | NamedTensors, outputs: string | string[]): tf.Tensor | tf.Tensor[] {
    const names = (Array.isArray(outputs) ? outputs : [outputs]).map(
      (name) => this.#signature.outputs[name]?.name ?? name,
    );
    const tensors = this.#run(inputs, names);
    return Array.isArray(outputs) ? tensors : (tensors[0] as tf.Tensor);
  }

  #run(inputs: tf.Tensor | tf.Tensor[] | NamedTensors, outputNames: readonly string[]): tf.Tensor[] {
    if (this.#disposed)
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'The TFSavedModel has already been deleted!');
    const backend = currentBackend();
    const pairs = this.#pair(inputs);
    const temporaries: Handle[] = [];
    try {
      const handles = pairs.map(([info, tensor]) => convert(backend, info, tensor, temporaries));
      return this.#graph
        .run(
          pairs.map(([info]) => info.name),
          handles as TensorHandle[],
          outputNames,
        )
        .map((handle) => backend.tensorOf(handle));
    } finally {
      for (const handle of temporaries) handle.dispose();
    }
  }

  #pair(inputs: tf.Tensor | tf.Tensor[] | NamedTensors): [SavedModelTensorInfo, tf.Tensor][] {
    const expected = Object.entries(this.#signature.inputs);
    const list = isTensor(inputs) ? [inputs] : Array.isArray(inputs) ? inputs : undefined;
    if (list && list.length !== expected.length) {
      throw new MirrorscopeError(
        ErrorCode.InvalidArgument,
        `The signature takes ${expected.length} inputs (${expected.map(([name]) => name).join(', ')}); ${list.length} were given.`,
      );
    }
    return expected.map(([name, info], index) => {
      const tensor = list ? list[index] : (inputs as NamedTensors)[name];
      if (!tensor)
        throw new MirrorscopeError(ErrorCode.InvalidArgument, `The model signature's input "${name}" was not given.`);
      return [info, tensor];
    });
  }

  /** Gives the graph back; the last model of a path closes the session. */
  dispose(): void {
    if (this.#disposed)
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'This SavedModel has already been deleted.');
    this.#disposed = true;
    loadedGraphs.close(this.#key);
  }
}

function isTensor(value: unknown): value is tf.Tensor {
  return typeof value === 'object' && value !== null && 'dataId' in value && 'rank' in value;
}

function convert(
  backend: MirrorscopeBackend,
  info: SavedModelTensorInfo,
  tensor: tf.Tensor,
  temporaries: Handle[],
): Handle {
  const handle = backend.handleOf(tensor);
  const wanted = INPUT_TYPES.get(info.tfDtype) ?? handle.dtype;
  if (handle.dtype === wanted) return handle;
  const converted = backend.executor.execute1('Cast', attributes(type('DstT', wanted)), [handle]);
  temporaries.push(converted);
  return converted;
}

/**
 * Loads a SavedModel that Python wrote.
 * @throws MirrorscopeError `FILE_ACCESS` for a missing or damaged model, `INVALID_ARGUMENT` for unknown tags or signature;
 *   TensorFlowError when TensorFlow cannot restore it.
 */
export async function loadSavedModel(
  path: string,
  tags: string[] = ['serve'],
  signature = 'serving_default',
): Promise<TFSavedModel> {
  const graphs = await getMetaGraphsFromSavedModel(path);
  const graph = graphs.find(
    (candidate) => candidate.tags.length === tags.length && tags.every((tag) => candidate.tags.includes(tag)),
  );
  if (!graph) {
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `The SavedModel does not have tags: ${tags.join(', ')}. It has: ${graphs.map((candidate) => candidate.tags.join('+')).join('; ')}.`,
    );
  }
  const entry = new Map(Object.entries(graph.signatureDefs)).get(signature);
  if (!entry) {
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `The SavedModel does not have signature: ${signature}. It has: ${Object.keys(graph.signatureDefs).join(', ')}.`,
    );
  }
  currentBackend();
  const { key, graph: loaded } = loadedGraphs.open(path, tags);
  return new TFSavedModel(key, loaded, entry);
}

/** How many models are loaded and not disposed. */
export function getNumOfSavedModels(): number {
  return loadedGraphs.users;
}
