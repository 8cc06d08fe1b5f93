/**
 * Builds a TensorFlow graph op by op, as the C API wants it. May touch: the C API.
 * Sources: tensorflow/c/c_api.h (TF_NewOperation, TF_AddInput, TF_GraphToFunction).
 */
import type { OpAttribute } from '../tensorflow/attributes.js';
import type { CApi } from '../tensorflow/c-api.js';
import type { GraphOutput } from '../tensorflow/c-declarations-table.js';
import type { TensorFlowContext } from '../tensorflow/context.js';
import type { DataTypeCode } from '../tensorflow/data-types-table.js';
import type { HostValues } from '../tensorflow/op-executor.js';

import { Status } from '../tensorflow/status.js';

const utf8 = new TextEncoder();
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

function int64Array(values: readonly number[]): BigInt64Array {
  // Never empty: the foreign-function interface wants an address even where the count is zero.
  return values.length === 0 ? new BigInt64Array(1) : BigInt64Array.from(values, BigInt);
}

function setAttribute(api: CApi, operation: number, attribute: OpAttribute, status: Status): void {
  const { name } = attribute;
  switch (attribute.kind) {
    case 'int':
      api.TF_SetAttrInt(operation, name, attribute.value);
      break;
    case 'float':
      api.TF_SetAttrFloat(operation, name, attribute.value);
      break;
    case 'bool':
      api.TF_SetAttrBool(operation, name, attribute.value ? 1 : 0);
      break;
    case 'type':
      api.TF_SetAttrType(operation, name, attribute.value);
      break;
    case 'string': {
      const bytes = utf8.encode(attribute.value);
      api.TF_SetAttrString(operation, name, bytes.length === 0 ? new Uint8Array(1) : bytes, bytes.length);
      break;
    }
    case 'function':
      api.TF_SetAttrFuncName(operation, name, attribute.value, attribute.value.length);
      break;
    case 'shape':
      api.TF_SetAttrShape(operation, name, int64Array(attribute.value), attribute.value.length);
      break;
    case 'intList':
      api.TF_SetAttrIntList(operation, name, int64Array(attribute.value), attribute.value.length);
      break;
    case 'floatList':
      api.TF_SetAttrFloatList(operation, name, Float32Array.from([...attribute.value, 0]), attribute.value.length);
      break;
    case 'typeList':
      api.TF_SetAttrTypeList(operation, name, Int32Array.from([...attribute.value, 0]), attribute.value.length);
      break;
    case 'proto':
      api.TF_SetAttrValueProto(operation, name, attribute.value, attribute.value.length, status.pointer);
      status.check(name);
      break;
  }
}

/** A graph under construction. Call {@link GraphBuilder.toFunction} once, then {@link GraphBuilder.delete}. */
export class GraphBuilder {
  readonly #context: TensorFlowContext;
  readonly #api: CApi;
  readonly #status: Status;
  readonly #graph: number;
  #operations = 0;

  constructor(context: TensorFlowContext) {
    this.#context = context;
    this.#api = context.api;
    this.#status = new Status(context.api);
    this.#graph = context.api.TF_NewGraph();
  }

  /** A parameter of the function. */
  placeholder(dtype: DataTypeCode, shape: readonly number[]): GraphOutput {
    const operation = this.#api.TF_NewOperation(this.#graph, 'Placeholder', this.#nextName('argument'));
    this.#api.TF_SetAttrType(operation, 'dtype', dtype);
    this.#api.TF_SetAttrShape(operation, 'shape', int64Array(shape), shape.length);
    return { oper: this.#finish(operation, 'Placeholder'), index: 0 };
  }

  /** A value that is part of the function. */
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

  /** One op; a nested array of inputs is a list argument. Gives a function from output index to output. */
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
    for (const attribute of attributes) setAttribute(this.#api, operation, attribute, this.#status);
    const oper = this.#finish(operation, op);
    return (index) => ({ oper, index });
  }

  /** The name by which TensorFlow's errors call the op of an output. */
  nodeName({ oper }: GraphOutput): string {
    return this.#api.TF_OperationName(oper);
  }

  /** Makes the graph a function of the context, callable as an op of that name. */
  toFunction(name: string, parameters: readonly GraphOutput[], results: readonly GraphOutput[]): void {
    const api = this.#api;
    const status = this.#status;
    const made = api.TF_GraphToFunction(
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
    api.TFE_ContextAddFunction(this.#context.pointer, made, status.pointer);
    status.check(name);
    api.TF_DeleteFunction(made);
  }

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
