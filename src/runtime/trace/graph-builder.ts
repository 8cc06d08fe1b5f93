/**
 * Builds a TensorFlow graph op by op. Touches the C API.
 * Sources: tensorflow/c/c_api.h (TF_NewOperation, TF_AddInput, TF_GraphToFunction).
 */
import type { OpAttribute } from '../tensorflow/attributes.js';
import type { CApi } from '../tensorflow/c-api.js';
import type { GraphOutput } from '../tensorflow/c-declarations-table.js';
import type { TensorFlowContext } from '../tensorflow/context.js';
import type { DataTypeCode } from '../tensorflow/data-types-table.js';
import type { HostValues } from '../tensorflow/op-executor.js';

import { Status } from '../tensorflow/status.js';

import { int64Array, setGraphAttribute } from './graph-attributes.js';

/** `sizeof(TF_Output)`. */
const OUTPUT_BYTES = 16;

/** An array of `TF_Output`. */
function packOutputs(outputs: readonly GraphOutput[]): Uint8Array {
  const bytes = new Uint8Array(Math.max(1, outputs.length) * OUTPUT_BYTES);
  const view = new DataView(bytes.buffer);
  outputs.forEach((output, index) => {
    view.setBigUint64(index * OUTPUT_BYTES, BigInt(output.oper), true);
    view.setInt32(index * OUTPUT_BYTES + 8, output.index, true);
  });
  return bytes;
}

/** A graph under construction. Call {@link GraphBuilder.toFunction} once, then {@link GraphBuilder.delete}. */
export class GraphBuilder {
  readonly #context: TensorFlowContext;
  readonly #api: CApi;
  readonly #status: Status;
  readonly #graph: number;
  #operations = 0;

  /** @param context - Gets the function at the end. */
  constructor(context: TensorFlowContext) {
    this.#context = context;
    this.#api = context.api;
    this.#status = new Status(context.api);
    this.#graph = context.api.TF_NewGraph();
  }

  /**
   * Adds a parameter of the function.
   *
   * @param dtype - Its element type.
   * @param shape - Its shape.
   * @returns The value of the parameter.
   */
  placeholder(dtype: DataTypeCode, shape: readonly number[]): GraphOutput {
    const operation = this.#api.TF_NewOperation(this.#graph, 'Placeholder', this.#nextName('argument'));
    this.#api.TF_SetAttrType(operation, 'dtype', dtype);
    this.#api.TF_SetAttrShape(operation, 'shape', int64Array(shape), shape.length);
    return { oper: this.#finish(operation, 'Placeholder'), index: 0 };
  }

  /**
   * Adds a value that is part of the function.
   *
   * @param values - Its elements.
   * @param shape - Its shape.
   * @param dtype - Its element type.
   * @returns The value.
   */
  constant(values: HostValues, shape: readonly number[], dtype: DataTypeCode): GraphOutput {
    const { hostTensors } = this.#context;
    const tensor = hostTensors.create(values, shape, dtype);
    try {
      const operation = this.#api.TF_NewOperation(this.#graph, 'Const', this.#nextName('constant'));
      this.#api.TF_SetAttrType(operation, 'dtype', dtype);
      this.#api.TF_SetAttrTensor(operation, 'value', tensor, this.#status.pointer);
      this.#status.check('Const');
      return { oper: this.#finish(operation, 'Const'), index: 0 };
    } finally {
      hostTensors.delete(tensor);
    }
  }

  /**
   * Adds an op.
   *
   * @param op - The name of the op.
   * @param attributes - Its attributes.
   * @param inputs - Its inputs; a nested array is a list argument.
   * @param controlInputs - Values that must exist before the op runs.
   * @returns A function from the index of an output to that output.
   */
  operation(
    op: string,
    attributes: readonly OpAttribute[],
    inputs: readonly (GraphOutput | readonly GraphOutput[])[],
    controlInputs: readonly GraphOutput[] = [],
  ): (index: number) => GraphOutput {
    const operation = this.#api.TF_NewOperation(this.#graph, op, this.#nextName(op));
    for (const input of inputs) {
      if ('oper' in input) this.#api.TF_AddInput(operation, input);
      else this.#api.TF_AddInputList(operation, packOutputs(input), input.length);
    }
    for (const input of controlInputs) this.#api.TF_AddControlInput(operation, input.oper);
    for (const attribute of attributes) setGraphAttribute(this.#api, operation, attribute, this.#status);
    const oper = this.#finish(operation, op);
    return (index) => ({ oper, index });
  }

  /**
   * Finds the name that TensorFlow's errors use for an op.
   *
   * @param output - Any output of the op.
   * @returns The name of its node.
   */
  nodeName(output: GraphOutput): string {
    return this.#api.TF_OperationName(output.oper);
  }

  /**
   * Adds the graph to the context as a function.
   *
   * @param name - The function runs as an op of this name.
   * @param parameters - Placeholders of the graph, in the order of the function's parameters.
   * @param results - The function's results.
   */
  toFunction(name: string, parameters: readonly GraphOutput[], results: readonly GraphOutput[]): void {
    const api = this.#api;
    const status = this.#status;
    const fn = api.TF_GraphToFunction(
      this.#graph,
      name,
      0,
      -1,
      0,
      parameters.length,
      packOutputs(parameters),
      results.length,
      packOutputs(results),
      0,
      0,
      0,
      status.pointer,
    );
    status.check(name);
    api.TFE_ContextAddFunction(this.#context.pointer, fn, status.pointer);
    status.check(name);
    api.TF_DeleteFunction(fn);
  }

  /** Releases the graph. Its function stays. */
  delete(): void {
    this.#api.TF_DeleteGraph(this.#graph);
    this.#status.delete();
  }

  #nextName(prefix: string): string {
    return `${prefix}_${this.#operations++}`;
  }

  #finish(operation: number, op: string): number {
    const finished = this.#api.TF_FinishOperation(operation, this.#status.pointer);
    this.#status.check(op);
    return finished;
  }
}
