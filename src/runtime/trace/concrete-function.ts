/**
 * A program as one TensorFlow function: built once, called with one `TFE_Execute`. Touches the C API, through
 * GraphBuilder.
 */
import type { TensorFlowContext } from '../tensorflow/context.js';
import type { EagerExecutor } from '../tensorflow/eager-executor.js';
import type { Handle } from '../tensorflow/op-executor.js';

import { NO_ATTRIBUTES } from '../tensorflow/attributes.js';

import { buildFunction } from './build-function.js';
import { capturesOf, type Program } from './program.js';

/** A function of a context. Its parameters are those of the program, then its captures. */
export class ConcreteFunction {
  readonly name: string;
  readonly parameterCount: number;
  /**
   * Values that existed before the recording and that the program reads. The caller passes them after the parameters,
   * in this order.
   */
  readonly captures: readonly Handle[];
  readonly resultCount: number;
  readonly operationCount: number;
  /** The first result of each op with a side effect, by the name that TensorFlow's errors use for the op. */
  readonly sideEffects: ReadonlyMap<string, Handle>;
  readonly #context: TensorFlowContext;

  /**
   * @param context - Owns the function.
   * @param name - Unique in the context.
   * @param program - What the function computes.
   */
  constructor(context: TensorFlowContext, name: string, program: Program) {
    this.#context = context;
    this.name = name;
    this.parameterCount = program.parameters.length;
    const known = new Set<Handle>([...program.parameters, ...program.constants.keys()]);
    this.captures = capturesOf(program.operations, program.results, known);
    this.resultCount = program.results.length;
    this.operationCount = program.operations.length;
    this.sideEffects = buildFunction(context, name, program, this.captures);
    context.functions.adopt(this, name);
  }

  /**
   * Calls the function.
   *
   * @param executor - Where it runs.
   * @param values - The parameters, then the captures.
   * @returns The results. The caller disposes of them.
   */
  call(executor: EagerExecutor, values: readonly Handle[]): Handle[] {
    return executor.execute(this.name, NO_ATTRIBUTES, values, this.resultCount);
  }

  /** Removes the function from its context now, instead of when it is garbage-collected. */
  delete(): void {
    this.#context.functions.release(this, this.name);
  }
}
