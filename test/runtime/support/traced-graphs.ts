/** Observes the graphs that become TensorFlow functions: their ops and dependencies. */
import type { GraphOutput } from '../../../src/runtime/tensorflow/c-declarations-table.js';

import { vi } from 'vitest';

import { GraphBuilder } from '../../../src/runtime/trace/graph-builder.js';

/** One op of a graph. */
export interface GraphNode {
  readonly op: string;
  readonly inputs: readonly GraphNode[];
}

/** Runs `body`. @returns The ops of each function that was made meanwhile, in the order in which they were made. */
export async function watchGraphs(body: () => Promise<unknown>): Promise<GraphNode[][]> {
  const graphs = new Map<GraphBuilder, GraphNode[]>();
  const nodes = new Map<number, GraphNode>();
  // Called below with the builder that the spy was called on.
  // eslint-disable-next-line @typescript-eslint/unbound-method
  const { operation } = GraphBuilder.prototype;
  const spy = vi.spyOn(GraphBuilder.prototype, 'operation').mockImplementation(function (
    this: GraphBuilder,
    op,
    attributes,
    inputs,
    controlInputs,
  ) {
    const outputAt = operation.call(this, op, attributes, inputs, controlInputs);
    const outputs: readonly GraphOutput[] = inputs.flat();
    const node = { op, inputs: outputs.flatMap(({ oper }) => nodes.get(oper) ?? []) };
    nodes.set(outputAt(0).oper, node);
    graphs.set(this, [...(graphs.get(this) ?? []), node]);
    return outputAt;
  });
  try {
    await body();
    return [...graphs.values()];
  } finally {
    spy.mockRestore();
  }
}

/** Finds every op that `node` waits for. */
export function dependencies(node: GraphNode, seen = new Set<GraphNode>()): Set<GraphNode> {
  for (const input of node.inputs) {
    if (seen.has(input)) continue;
    seen.add(input);
    dependencies(input, seen);
  }
  return seen;
}
