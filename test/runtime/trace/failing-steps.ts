/** Steps over three replicas of which one fails, for tests of what happens to the others and to later steps. */
import type { StepBody } from '../../../src/runtime/trace/step-body.js';
import type { RunStep } from './create-step-factory.js';

import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';

import { ErrorCode } from '../../../src/errors/error-code.js';

/** Where a replica fails: before or after its collective. */
export type FailurePlace = 'before' | 'after';

/** Steps that add the sum over the replicas, which is 3, to a variable. */
export class FailingSteps {
  readonly total = tf.variable(tf.scalar(0));
  readonly #bodies: Readonly<Record<FailurePlace, StepBody>>;

  constructor() {
    const { total } = this;
    const row = (index: tf.Tensor): tf.Tensor => tf.gather(tf.ones([4]), index as tf.Tensor1D).sum();
    this.#bodies = {
      before: ({ data: [index], allReduce }) => {
        const [sum] = allReduce.sum([row(index as tf.Tensor)]) as [tf.Tensor];
        total.assign(total.add<tf.Scalar>(sum));
        return [sum];
      },
      after: ({ data: [index], allReduce }) => {
        const [sum] = allReduce.sum([tf.scalar(1)]) as [tf.Tensor];
        total.assign(total.add<tf.Scalar>(sum.mul(row(index as tf.Tensor))));
        return [sum.clone()];
      },
    };
  }

  /** The value of the variable. */
  get sum(): number {
    return this.total.dataSync()[0] as number;
  }

  /** Runs the step on all replicas. Replica `bad` reads a row that does not exist. */
  run(run: RunStep, place: FailurePlace, bad?: number): tf.Tensor[][] {
    const body = this.#bodies[place];
    return run(
      [0, 1, 2].map((replica) => ({ key: place, body, data: [tf.tensor1d([replica === bad ? 99 : 1], 'int32')] })),
    );
  }

  /** Runs the step, and reads the result of the first replica. */
  value(run: RunStep, place: FailurePlace): number {
    return (this.run(run, place)[0]?.[0] as tf.Tensor).dataSync()[0] as number;
  }

  /** Lets a replica fail. The failure appears when a result is read, or in a later step: here in one of the next. */
  expectFailure(run: RunStep, place: FailurePlace, bad: number): void {
    const failure = expect.objectContaining({
      code: ErrorCode.ReplicaFailed,
      message: expect.stringMatching(
        new RegExp(`replica ${String(bad)} \\(.*CPU:${String(bad)}\\): .*= 99 is not in`),
      ) as unknown,
    }) as unknown;
    expect(() => {
      this.run(run, place, bad);
      for (let later = 0; later < 5; later++) this.run(run, place);
    }).toThrow(failure);
  }

  /** Lets a replica fail, and expects that the step is undone and later ones run. */
  expectRecovery(run: RunStep, place: FailurePlace, bad: number): void {
    const start = this.sum;
    expect(this.value(run, place)).toBe(3);
    expect(this.value(run, place)).toBe(3);
    this.expectFailure(run, place, bad);
    expect(this.sum).toBe(start + 6);
    for (let later = 0; later < 12; later++) expect(this.value(run, place)).toBe(3);
    expect(this.sum).toBe(start + 6 + 36);
  }
}
