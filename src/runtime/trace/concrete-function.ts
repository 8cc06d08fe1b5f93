/**
 * A program as one TensorFlow function: built once, called with one `TFE_Execute`. May touch: the C API, through GraphBuilder.
 */
import type { GraphOutput } from '../tensorflow/c-declarations-table.js';
import type { TensorFlowContext } from '../tensorflow/context.js';
import type { EagerExecutor } from '../tensorflow/eager-executor.js';
import type { Handle } from '../tensorflow/op-executor.js';

import { NO_ATTRIBUTES } from '../tensorflow/attributes.js';

import { COMPOSITE_OPERATIONS } from './composite-operations.js';
import { GraphBuilder } from './graph-builder.js';
import { EFFECTS } from './passes/prune.js';
import { capturesOf, constantOf, flatInputs, type Program } from './program.js';

/** Ops whose graph form has a trailing list argument that the eager form may leave out. */
const WITH_ORDERING_TOKEN = new Set(['CollectiveReduceV2', 'CollectiveGatherV2']);

/**
 * A function of a context.
 *
 * Its parameters are the program's, then its captures: values that existed before the recording and that it reads.
 */
export class ConcreteFunction {
  readonly name: string;
  readonly parameterCount: number;
  /** What the caller passes after the parameters, in this order. */
  readonly captures: readonly Handle[];
  readonly resultCount: number;
  readonly operationCount: number;
  /** What the ops that are run for their effect give, by the names that TensorFlow's errors use. */
  readonly effects: ReadonlyMap<string, Handle>;
  readonly #context: TensorFlowContext;

  constructor(context: TensorFlowContext, name: string, program: Program) {
    this.#context = context;
    this.name = name;
    this.parameterCount = program.parameters.length;
    const known = new Set<Handle>([...program.parameters, ...program.constants.keys()]);
    this.captures = capturesOf(program.operations, program.results, known);
    this.resultCount = program.results.length;
    this.operationCount = program.operations.length;
    this.effects = build(context, name, program, this.captures);
    context.functions.adopt(this, name);
  }

  /** Runs it where `executor` runs ops. `values` are the parameters, then the captures. The caller owns the results. */
  call(executor: EagerExecutor, values: readonly Handle[]): Handle[] {
    return executor.execute(this.name, NO_ATTRIBUTES, values, this.resultCount);
  }

  /** Removes the function from its context, as its being dropped does later. */
  delete(): void {
    this.#context.functions.release(this, this.name);
  }
}

/** @returns The first result of each op with an effect, by the op's name in the graph. */
function build(
  context: TensorFlowContext,
  name: string,
  program: Program,
  captures: readonly Handle[],
): Map<string, Handle> {
  const graph = new GraphBuilder(context);
  try {
    const values = new Map<Handle, GraphOutput>();
    const parameters = [...program.parameters, ...captures].map((handle) => {
      const output = graph.placeholder(handle.dtype, handle.shape);
      values.set(handle, output);
      return output;
    });
    const valueOf = (handle: Handle): GraphOutput => {
      const known = values.get(handle);
      if (known !== undefined) return known;
      const constant = constantOf(program, handle);
      if (constant === undefined) throw new Error(`A value of ${name} has no source.`);
      const output = graph.constant(constant, handle.shape, handle.dtype);
      values.set(handle, output);
      return output;
    };
    const used = new Set<Handle>([
      ...program.results,
      ...program.operations.flatMap(({ inputs }) => flatInputs(inputs)),
    ]);
    const unusedEffects: GraphOutput[] = [];
    const effects = new Map<string, Handle>();
    for (const [position, operation] of program.operations.entries()) {
      const expand = COMPOSITE_OPERATIONS.get(operation.op);
      if (expand !== undefined) {
        const made = expand(graph, operation, flatInputs(operation.inputs).map(valueOf), `${name}/${String(position)}`);
        operation.outputs.forEach((handle, index) => values.set(handle, made[index] as GraphOutput));
        continue;
      }
      const inputs = operation.inputs.map((input) =>
        Array.isArray(input) ? (input as Handle[]).map(valueOf) : valueOf(input as Handle),
      );
      if (WITH_ORDERING_TOKEN.has(operation.op)) inputs.push([]);
      const outputAt = graph.operation(
        operation.op,
        operation.attributes.entries,
        inputs,
        operation.controlInputs?.map(valueOf),
      );
      operation.outputs.forEach((handle, index) => values.set(handle, outputAt(index)));
      const [first] = operation.outputs;
      if (!EFFECTS.has(operation.op) || first === undefined) continue;
      effects.set(graph.nodeName(outputAt(0)), first);
      if (!operation.outputs.some((handle) => used.has(handle))) unusedEffects.push(outputAt(0));
    }
    // A function may not return its own argument or the same node twice: each result gets a node of its own. TensorFlow drops what no
    // result depends on, even a collective that others wait for: the first result waits for those.
    const results = program.results.map((handle, index) =>
      graph.operation('Identity', [], [valueOf(handle)], index === 0 ? unusedEffects : [])(0),
    );
    graph.toFunction(name, parameters, results);
    return effects;
  } finally {
    graph.delete();
  }
}
