/** Loads and runs SavedModels that Python wrote. Runs ops. */
import type { MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type * as tf from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { attributes, type } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';
import { TensorHandle } from '../tensorflow/tensor-handle.js';

import { mirrorscopeBackend } from './current-backend.js';
import { tensorInRange } from './integer-range.js';
import { type LoadedGraph, LoadedGraphs } from './loaded-graphs.js';
import { getMetaGraphsFromSavedModel, type SavedModelTensorInfo, type SignatureDefEntry } from './saved-model-info.js';

type NamedTensors = Readonly<Record<string, tf.Tensor>>;
type Predicted = tf.Tensor | tf.Tensor[] | Record<string, tf.Tensor>;

/** Models of the same path share a graph, so the graphs outlive the calls that load them. */
const loadedGraphs = new LoadedGraphs();

/** The element types to which inputs of a signature are cast. */
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

/**
 * One signature of a loaded SavedModel. Has the methods of a tfjs `InferenceModel`.
 *
 * @example
 * ```ts
 * const model = await tf.node.loadSavedModel('saved-model');
 * const output = model.predict(tf.zeros([1, 2]));
 * model.dispose();
 * ```
 */
export class TFSavedModel {
  readonly #key: string;
  readonly #graph: LoadedGraph;
  readonly #signature: SignatureDefEntry;
  #disposed = false;

  /**
   * `loadSavedModel` constructs models.
   *
   * @param key - Names the loaded graph.
   * @param graph - The loaded graph, shared by its models.
   * @param signature - The inputs and outputs of this model.
   */
  constructor(key: string, graph: LoadedGraph, signature: SignatureDefEntry) {
    this.#key = key;
    this.#graph = graph;
    this.#signature = signature;
  }

  /** The signature's inputs. As in tfjs-node, their names have no `:0`. */
  get inputs(): SavedModelTensorInfo[] {
    return Object.values(this.#signature.inputs).map(withoutPosition);
  }

  /** The signature's outputs. As in tfjs-node, their names have no `:0`. */
  get outputs(): SavedModelTensorInfo[] {
    return Object.values(this.#signature.outputs).map(withoutPosition);
  }

  /** The names of the output tensors in the graph, by their names in the signature. */
  get outputNodeNames(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.#signature.outputs).map(([name, info]) => [name, info.name]));
  }

  /**
   * Runs the signature. Casts inputs to the element types of the signature.
   *
   * @param inputs - One tensor, tensors in the signature's order, or tensors by the signature's input names.
   * @param _config - Ignored; tfjs's interface has it.
   * @returns One tensor for one tensor, a list for a list, a map for a map. With several outputs, a list instead of one
   *   tensor. Shapes are those of the signature; element types that tfjs lacks are cast to the nearest one.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when an input is missing or the model was disposed.
   * @throws {TensorFlowError} When the graph rejects the inputs.
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

  /**
   * Computes some tensors of the graph.
   *
   * @param inputs - As in {@link predict}.
   * @param outputs - Names in the graph or in the signature.
   * @returns One tensor for one name, a list for a list.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when an input is missing, the graph lacks a named tensor, or the
   *   model was disposed.
   * @throws {TensorFlowError} When the graph rejects the inputs.
   */
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
    const backend = mirrorscopeBackend();
    const pairs = this.#pair(inputs);
    const temporaries: Handle[] = [];
    try {
      const handles = pairs.map(([info, tensor]) => convert(backend, info, tensor, temporaries));
      return this.#graph
        .run(
          pairs.map(([info]) => info.name),
          handles,
          outputNames,
        )
        .map((handle, index) => tensorInRange(backend, handle, outputNames[index] ?? ''));
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
        `The signature takes ${expected.length} inputs (${expected.map(([name]) => name).join(', ')}), but got ${list.length}.`,
      );
    }
    return expected.map(([name, info], index) => {
      const tensor = list ? list[index] : (inputs as NamedTensors)[name];
      if (!tensor) throw new MirrorscopeError(ErrorCode.InvalidArgument, `The signature's input "${name}" is missing.`);
      return [info, tensor];
    });
  }

  /**
   * Frees the model. Closes the graph once no other model of the same path uses it.
   *
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when the model was already disposed.
   */
  dispose(): void {
    if (this.#disposed)
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'This SavedModel has already been deleted.');
    this.#disposed = true;
    loadedGraphs.close(this.#key);
  }
}

/** Removes the `:0` of the first output of an op, which its name does not need. */
function withoutPosition(info: SavedModelTensorInfo): SavedModelTensorInfo {
  return { ...info, name: info.name.replace(/:0$/, '') };
}

function isTensor(value: unknown): value is tf.Tensor {
  return typeof value === 'object' && value !== null && 'dataId' in value && 'rank' in value;
}

function convert(
  backend: MirrorscopeBackend,
  info: SavedModelTensorInfo,
  tensor: tf.Tensor,
  temporaries: Handle[],
): TensorHandle {
  const handle = backend.handleOf(tensor);
  const dtype = INPUT_TYPES.get(info.tfDtype) ?? handle.dtype;
  if (handle.dtype === dtype) return onDevice(handle);
  const converted = backend.executor.execute1('Cast', attributes(type('DstT', dtype)), [handle]);
  temporaries.push(converted);
  return onDevice(converted);
}

/** A graph takes native tensors: the handle must not be one that a recording made. */
function onDevice(handle: Handle): TensorHandle {
  if (handle instanceof TensorHandle) return handle;
  throw new MirrorscopeError(ErrorCode.InvalidArgument, 'A SavedModel cannot run inside a traced step.');
}

/**
 * Loads a SavedModel that Python wrote, and chooses one of its signatures.
 *
 * @param path - Folder of the SavedModel.
 * @param tags - Tags of the graph to load.
 * @param signature - Name of the signature.
 * @returns The model. Dispose it when it is no longer used.
 * @throws {MirrorscopeError} `FILE_ACCESS` when the model is missing or damaged; `INVALID_ARGUMENT` when it lacks the
 *   tags or the signature; `ENGINE_UNAVAILABLE` when there is no usable TensorFlow library.
 * @throws {TensorFlowError} When TensorFlow cannot restore the model.
 *
 * @example
 * ```ts
 * import * as tf from 'mirrorscope/node';
 *
 * const model = await tf.node.loadSavedModel('saved-model', ['serve'], 'serving_default');
 * ```
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
  mirrorscopeBackend();
  const { key, graph: loaded } = loadedGraphs.open(path, tags);
  return new TFSavedModel(key, loaded, entry);
}

/**
 * Counts the loaded SavedModels, to find leaks.
 *
 * @returns How many models are loaded and not disposed.
 *
 * @example
 * ```ts
 * tf.node.getNumOfSavedModels(); // 0
 * ```
 */
export function getNumOfSavedModels(): number {
  return loadedGraphs.users;
}
