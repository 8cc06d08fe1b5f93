/**
 * Operations of a program that become several nodes of a graph. TensorFlow has such an op only for variables, and a
 * program has values. Touches the C API, through GraphBuilder. Sources: tensorflow/core/ops/state_ops.cc
 * (TemporaryVariable, Assign), training_ops.cc (ApplyAdam).
 */
import type { GraphOutput } from '../tensorflow/c-declarations-table.js';
import type { GraphBuilder } from './graph-builder.js';
import type { RecordedOperation } from './program.js';

import { type OpAttribute, shape as shapeAttribute, string, type } from '../tensorflow/attributes.js';

/**
 * A step of Adam on values, in one pass over memory.
 * Inputs: value, first moment, second moment (one shape); beta1 to the power of the step, beta2 to the power of the
 * step, learning rate, beta1, beta2, epsilon (scalars); gradient. Outputs: the new value and moments. All float32.
 */
export const ADAM_UPDATE = 'AdamUpdate';

/** Adds the nodes of one operation. `unique` is a prefix for names that must be unique in the process. */
type Expansion = (
  graph: GraphBuilder,
  operation: RecordedOperation,
  inputs: readonly GraphOutput[],
  unique: string,
) => GraphOutput[];

const expandAdamUpdate: Expansion = (graph, { outputs: [newValue] }, inputs, unique) => {
  if (newValue === undefined) throw new TypeError(`${ADAM_UPDATE} has three outputs`);
  const { dtype, shape } = newValue;
  const variableName = (index: number): OpAttribute => string('var_name', `${unique}/${String(index)}`);
  const variables = inputs.slice(0, 3).map((initial, index) => {
    const variable = graph.operation(
      'TemporaryVariable',
      [shapeAttribute('shape', shape), type('dtype', dtype), variableName(index)],
      [],
    )(0);
    return graph.operation('Assign', [], [variable, initial])(0);
  });
  const applied = graph.operation('ApplyAdam', [], [...variables, ...inputs.slice(3)])(0);
  // The value already depends on the Adam op; the moments need an explicit control edge.
  return [applied, ...variables.slice(1)].map((variable, index) =>
    graph.operation('DestroyTemporaryVariable', [variableName(index)], [variable], [applied])(0),
  );
};

/** Expansions by operation. Passes create these operations; they never run eagerly. */
export const COMPOSITE_OPERATIONS: ReadonlyMap<string, Expansion> = new Map([[ADAM_UPDATE, expandAdamUpdate]]);
