/**
 * Operations of a program that become several nodes of a graph: TensorFlow has them only for variables, and a program has values.
 * May touch: the C API, through GraphBuilder.
 * Sources: tensorflow/core/ops/state_ops.cc (TemporaryVariable, Assign), training_ops.cc (ApplyAdam).
 */
import type { GraphOutput } from '../tensorflow/c-declarations-table.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type { GraphBuilder } from './graph-builder.js';
import type { RecordedOperation } from './program.js';

import { type OpAttribute, shape as shapeAttribute, string, type } from '../tensorflow/attributes.js';

/**
 * A step of Adam on values, in one pass over memory.
 * Inputs: value, first moment, second moment (one shape); beta1 to the power of the step, beta2 likewise, learning rate, beta1, beta2,
 * epsilon (scalars); gradient. Outputs: the new value and moments. All float32.
 */
export const ADAM_UPDATE = 'AdamUpdate';

type Expansion = (
  graph: GraphBuilder,
  operation: RecordedOperation,
  inputs: readonly GraphOutput[],
  unique: string,
) => GraphOutput[];

const expandAdamUpdate: Expansion = (graph, { outputs }, [value, first, second, ...rest], unique) => {
  const { dtype, shape } = outputs[0] as Handle;
  const initial = [value, first, second] as GraphOutput[];
  const variableName = (index: number): OpAttribute => string('var_name', `${unique}/${String(index)}`);
  const variables = initial.map((source, index) => {
    const variable = graph.operation(
      'TemporaryVariable',
      [shapeAttribute('shape', shape), type('dtype', dtype), variableName(index)],
      [],
    )(0);
    return graph.operation('Assign', [], [variable, source])(0);
  });
  const applied = graph.operation('ApplyAdam', [], [...variables, ...rest])(0);
  // The value's own end waits for the step by what it reads; those of the moments have to be told.
  return [applied, ...variables.slice(1)].map((variable, index) =>
    graph.operation('DestroyTemporaryVariable', [variableName(index)], [variable], [applied])(0),
  );
};

/** By name. A program's optimizer puts them in; they never run eagerly. */
export const COMPOSITE_OPERATIONS: ReadonlyMap<string, Expansion> = new Map([[ADAM_UPDATE, expandAdamUpdate]]);
