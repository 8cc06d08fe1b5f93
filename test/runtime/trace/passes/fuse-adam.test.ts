/** Adam's step becomes one op, with the same numbers; a step that only resembles it stays as it is. */
import type { Handle } from '../../../../src/runtime/tensorflow/op-executor.js';
import type { Program } from '../../../../src/runtime/trace/program.js';

import * as tf from '@tensorflow/tfjs';
import { describe, expect, test } from 'vitest';

import { session, useBackend } from '../../../../src/runtime/backend/install.js';
import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';
import { ADAM_UPDATE } from '../../../../src/runtime/trace/composite-operations.js';
import { ConcreteFunction } from '../../../../src/runtime/trace/concrete-function.js';
import { optimizeProgram } from '../../../../src/runtime/trace/passes/optimize-program.js';
import { pruneDeadOperations } from '../../../../src/runtime/trace/passes/prune.js';
import { recordFunction } from '../../../../src/runtime/trace/record-function.js';

const count = ({ operations }: Program, name: string): number => operations.filter(({ op }) => op === name).length;

describe.skipIf(locateTensorFlow().files === undefined)('a step of Adam', () => {
  const shapes = [[30, 7], [7], []];

  /** Records one step on three variables, of an optimizer that has taken `stepsBefore` steps. */
  function recordStep(
    name: string,
    stepsBefore: number,
    also: (values: tf.Variable[]) => tf.Tensor[] = () => [],
  ): Program {
    const backend = useBackend();
    const optimizer = tf.train.adam(0.01);
    const values = shapes.map((shape, index) =>
      tf.variable(tf.randomNormal(shape, 0, 1, 'float32', index + 1), true, `${name}/${String(index)}`),
    );
    const gradients = shapes.map((shape, index) => tf.randomNormal(shape, 0, 1, 'float32', index + 7));
    const byName = Object.fromEntries(values.map((variable, index) => [variable.name, gradients[index] as tf.Tensor]));
    for (let step = 0; step < stepsBefore; step++) optimizer.applyGradients(byName as never);
    const { operations, constants, writes } = recordFunction({ tf, backend, context: session.context }, () => {
      optimizer.applyGradients(byName as never);
      return also(values);
    });
    return { operations, constants, parameters: [], results: [...writes.values()] };
  }

  function run(name: string, program: Program): number[][] {
    const concrete = new ConcreteFunction(session.context, name, program);
    const results = concrete.call(session.executor, concrete.captures);
    return results.map((handle) => [...(session.executor.readSync(handle) as Float32Array)]);
  }

  test.each([1, 5])(
    'as TensorFlow.js writes it after %d steps is fused, and gives the same values and moments',
    (stepsBefore) => {
      const program = recordStep(`fused${String(stepsBefore)}`, stepsBefore);
      const optimized = optimizeProgram(program);
      expect(count(optimized, ADAM_UPDATE)).toBe(shapes.length);
      expect(optimized.operations.length).toBeLessThan(program.operations.length / 2);
      const expected = run(`plain${String(stepsBefore)}`, pruneDeadOperations(program));
      const actual = run(`fused${String(stepsBefore)}`, optimized);
      expect(actual).toHaveLength(expected.length);
      actual.forEach((numbers, result) => {
        numbers.forEach((number, position) => {
          expect(number).toBeCloseTo(expected[result]?.[position] as number, 6);
        });
      });
    },
  );

  test('calls of one function are independent: the same inputs give the same results again', () => {
    const optimized = optimizeProgram(recordStep('again', 2));
    const concrete = new ConcreteFunction(session.context, 'again', optimized);
    const [first, second] = [0, 1].map(() =>
      concrete.call(session.executor, concrete.captures).map((handle) => session.executor.readSync(handle)),
    );
    expect(second).toEqual(first);
  });

  /** Repositions one input of one op. */
  function withInput(program: Program, op: string, position: number, input: (handle: Handle) => Handle): Program {
    let changed = false;
    const operations = program.operations.map((operation) => {
      if (changed || operation.op !== op) return operation;
      changed = true;
      return {
        ...operation,
        inputs: operation.inputs.map((handle, index) => (index === position ? input(handle as Handle) : handle)),
      };
    });
    expect(changed).toBe(true);
    return { ...program, operations };
  }

  test('with the square of another value in the second moment is not fused', () => {
    const program = pruneDeadOperations(recordStep('other-square', 1));
    const value = program.operations.find(({ op }) => op === 'Sqrt')?.outputs[0] as Handle;
    // The first variable's gradient is squared; here its square is that of the first moment before the step.
    const before = program.operations.find(
      ({ op, outputs }) => op === 'Mul' && outputs[0]?.shape.join() === value.shape.join(),
    )?.inputs[0] as Handle;
    const changed = withInput(program, 'Square', 0, () => before);
    expect(count(optimizeProgram(changed), ADAM_UPDATE)).toBe(shapes.length - 1);
  });

  test('with an intermediate value that the program returns is not fused', () => {
    const program = pruneDeadOperations(recordStep('needed', 1));
    const root = program.operations.find(({ op }) => op === 'Sqrt')?.outputs[0] as Handle;
    expect(count(optimizeProgram({ ...program, results: [...program.results, root] }), ADAM_UPDATE)).toBe(
      shapes.length - 1,
    );
  });
});
