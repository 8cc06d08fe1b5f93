/** Keeps the graphs of SavedModels and their sessions. Calls the C API. */
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { session as runtime } from '../backend/index.js';
import { encodeConfigProto } from '../tensorflow/context-configuration.js';
import { Status } from '../tensorflow/status.js';
import { TensorHandle } from '../tensorflow/tensor-handle.js';

/** Size of a `TF_Output`: a pointer and an int, padded. */
const OUTPUT_BYTES = 16;

/** A loaded graph with its session. Models of the same path and tags share it. */
export class LoadedGraph {
  readonly #graph: number;
  readonly #session: number;
  readonly #status: Status;
  /** Number of models that use the graph. */
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

  /**
   * Runs the graph.
   *
   * @param inputNames - Names of the tensors to feed.
   * @param inputs - Their values.
   * @param outputNames - Names of the tensors to compute.
   * @returns The computed values.
   * @throws {MirrorscopeError} `INVALID_ARGUMENT` when the graph lacks a named tensor.
   * @throws {TensorFlowError} When the graph rejects the inputs.
   */
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

  /** Closes the session and frees the graph. */
  delete(): void {
    const { api } = runtime.context;
    api.TF_CloseSession(this.#session, this.#status.pointer);
    api.TF_DeleteSession(this.#session, this.#status.pointer);
    api.TF_DeleteGraph(this.#graph);
    this.#status.delete();
  }
}

/** The loaded graphs, by path and tags. */
export class LoadedGraphs {
  readonly #graphs = new Map<string, LoadedGraph>();

  /** Adds a user to a graph, and loads the graph for its first user. */
  open(path: string, tags: readonly string[]): { key: string; graph: LoadedGraph } {
    const key = JSON.stringify([path, ...[...tags].sort()]);
    let graph = this.#graphs.get(key);
    if (!graph) this.#graphs.set(key, (graph = new LoadedGraph(path, tags)));
    graph.users++;
    return { key, graph };
  }

  /** Removes a user from a graph, and closes the session after its last user. */
  close(key: string): void {
    const graph = this.#graphs.get(key);
    if (!graph) return;
    graph.users--;
    if (graph.users > 0) return;
    this.#graphs.delete(key);
    graph.delete();
  }

  /** Number of models that use a graph. */
  get users(): number {
    return [...this.#graphs.values()].reduce((total, graph) => total + graph.users, 0);
  }
}
