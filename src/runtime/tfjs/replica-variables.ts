/**
 * Variables that replicas make. A variable is one for all replicas: where replica 0 has made one, the same code on
 * another replica, or in a repeated run, gets that one. Hooks `makeVariable` on request.
 * Relies on tfjs-core 4.22, engine.ts: `makeVariable`.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { Variable } from '@tensorflow/tfjs';

import { overrideProperty } from './override-property.js';

/** Enough to tell apart two places that make variables through the same helpers. */
const STACK_DEPTH = 40;

/** Names the code that runs now. */
function callSite(): string {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = STACK_DEPTH;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = stackTraceLimit;
  return stack;
}

/** The variables that the replicas of one task have made. */
export class ReplicaVariables {
  /** In the order in which one run makes them, by the code that makes them. */
  readonly #made = new Map<string, Variable[]>();

  /**
   * Starts one run of one replica.
   *
   * @param tf - The TensorFlow.js that makes the variables.
   * @param listener - Gets each variable that no run has made before, with its first value.
   * @returns A function that ends the run.
   */
  shareBetweenRuns(tf: TensorFlowJs, listener: (variable: Variable) => void): () => void {
    const engine = tf.engine();
    const makeVariable = engine.makeVariable.bind(engine);
    const counts = new Map<string, number>();
    return overrideProperty(engine, 'makeVariable', (initialValue, trainable, name, dtype) => {
      const site = `${name ?? ''} ${dtype ?? initialValue.dtype} [${initialValue.shape.join()}] ${callSite()}`;
      const count = counts.get(site) ?? 0;
      counts.set(site, count + 1);
      const made = this.#made.get(site) ?? [];
      const known = made[count];
      if (known !== undefined && !known.isDisposed) return known;
      const variable = makeVariable(initialValue, trainable, name, dtype);
      made[count] = variable;
      this.#made.set(site, made);
      listener(variable);
      return variable;
    });
  }
}
