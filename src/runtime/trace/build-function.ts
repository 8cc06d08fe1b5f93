/** Builds the TensorFlow function of a program. Touches the C API, through GraphBuilder. */
import type { GraphOutput } from '../tensorflow/c-declarations-table.js';
import type { TensorFlowContext } from '../tensorflow/context.js';
import type { Handle } from '../tensorflow/op-executor.js';

import { COMPOSITE_OPERATIONS } from './composite-operations.js';
import { GraphBuilder } from './graph-builder.js';
import { constantOf, flatInputs, isInputList, type Program, type RecordedOperation } from './program.js';
import { SIDE_EFFECT_OPS } from './side-effects-table.js';

/** Ops whose graph form has a list argument at the end that the eager form may leave out. */
const OPS_WITH_ORDERING_TOKEN: ReadonlySet<string> = new Set([
  'CollectiveReduceV2',
  'CollectiveGatherV2',
  'CollectiveAllToAllV2',
]);

/** A graph that grows with the operations of one program. */
class ProgramGraph {
  readonly graph: GraphBuilder;
  /** The first result of each op with a side effect, by the op's name in the graph. */
  readonly sideEffects = new Map<string, Handle>();
  readonly #name: string;
  readonly #program: Program;
  readonly #nodes = new Map<Handle, GraphOutput>();
  readonly #used: ReadonlySet<Handle>;
  readonly #unusedEffects: GraphOutput[] = [];

  constructor(graph: GraphBuilder, name: string, program: Program) {
    this.graph = graph;
    this.#name = name;
    this.#program = program;
    const inputs = program.operations.flatMap((operation) => flatInputs(operation.inputs));
    this.#used = new Set<Handle>([...program.results, ...inputs]);
  }

  addParameter(handle: Handle): GraphOutput {
    const node = this.graph.placeholder(handle.dtype, handle.shape);
    this.#nodes.set(handle, node);
    return node;
  }

  /** The node of a value; constants get theirs on first use. */
  readonly #nodeOf = (handle: Handle): GraphOutput => {
    const known = this.#nodes.get(handle);
    if (known !== undefined) return known;
    const values = constantOf(this.#program, handle);
    if (values === undefined) throw new Error(`A value of ${this.#name} has no source.`);
    const node = this.graph.constant(values, handle.shape, handle.dtype);
    this.#nodes.set(handle, node);
    return node;
  };

  addOperation(operation: RecordedOperation, position: number): void {
    const nodes = this.#addComposite(operation, position) ?? this.#addNode(operation);
    operation.outputs.forEach((handle, index) => this.#nodes.set(handle, nodes(index)));
  }

  #addComposite({ op, ...rest }: RecordedOperation, position: number): ((index: number) => GraphOutput) | undefined {
    const expand = COMPOSITE_OPERATIONS.get(op);
    if (expand === undefined) return undefined;
    const inputs = flatInputs(rest.inputs).map(this.#nodeOf);
    const nodes = expand(this.graph, { op, ...rest }, inputs, `${this.#name}/${String(position)}`);
    return (index) => {
      const node = nodes[index];
      if (node === undefined) throw new RangeError(`${op} has no output ${String(index)}`);
      return node;
    };
  }

  #addNode({ op, attributes, inputs, outputs, controlInputs }: RecordedOperation): (index: number) => GraphOutput {
    const nodes = inputs.map((input) => (isInputList(input) ? input.map(this.#nodeOf) : this.#nodeOf(input)));
    if (OPS_WITH_ORDERING_TOKEN.has(op)) nodes.push([]);
    const outputAt = this.graph.operation(op, attributes.entries, nodes, controlInputs?.map(this.#nodeOf));
    const [first] = outputs;
    if (SIDE_EFFECT_OPS.has(op) && first !== undefined) {
      this.sideEffects.set(this.graph.nodeName(outputAt(0)), first);
      if (!outputs.some((handle) => this.#used.has(handle))) this.#unusedEffects.push(outputAt(0));
    }
    return outputAt;
  }

  /**
   * Adds a node for each result: a function may not return its own argument or the same node twice. TensorFlow drops
   * nodes that no result depends on, even a collective that other replicas wait for, so the first result depends on
   * those.
   */
  addResults(): GraphOutput[] {
    return this.#program.results.map((handle, index) =>
      this.graph.operation('Identity', [], [this.#nodeOf(handle)], index === 0 ? this.#unusedEffects : [])(0),
    );
  }
}

/**
 * Adds the function of a program to a context.
 *
 * @param context - Gets the function.
 * @param name - Unique in the context.
 * @param program - What the function computes.
 * @param captures - Its parameters after those of the program.
 * @returns The first result of each op with a side effect, by the op's name in the graph.
 */
export function buildFunction(
  context: TensorFlowContext,
  name: string,
  program: Program,
  captures: readonly Handle[],
): ReadonlyMap<string, Handle> {
  const graph = new GraphBuilder(context);
  try {
    const nodes = new ProgramGraph(graph, name, program);
    const parameters = [...program.parameters, ...captures].map((handle) => nodes.addParameter(handle));
    program.operations.forEach((operation, position) => {
      nodes.addOperation(operation, position);
    });
    graph.toFunction(name, parameters, nodes.addResults());
    return nodes.sideEffects;
  } finally {
    graph.delete();
  }
}
