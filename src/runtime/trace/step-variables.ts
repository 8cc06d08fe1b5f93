/** Writes the variables of a step, and undoes the writes of a step that failed. Touches tfjs variables. */
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { RecordingEnvironment } from './record-function.js';
import type { Variable } from '@tensorflow/tfjs';

import { keepCopy } from '../tfjs/kept-tensors.js';
import { assignValue } from '../tfjs/registered-variables.js';
import { copiesOf, setCopies } from '../tfjs/replica-copies.js';

import { tensorHandleOf } from './tensor-handles.js';

/** Writes that may still have to be undone. */
export interface UndoableWrites {
  /** Puts the old values back. Call {@link settle} afterwards, too. */
  undo(): void;
  /** Releases the old values. */
  settle(): void;
}

/** Writes variables. */
export class StepVariables {
  readonly #environment: RecordingEnvironment;

  /** @param environment - Holds the variables. */
  constructor(environment: RecordingEnvironment) {
    this.#environment = environment;
  }

  /**
   * Assigns new values.
   *
   * @param variables - The variables to write.
   * @param values - For each variable its value on every replica, in replica order.
   * @returns How to undo it.
   */
  write(variables: readonly Variable[], values: readonly (readonly TensorHandle[])[]): UndoableWrites {
    const writes = variables.map((variable, index) =>
      copiesOf(variable) === undefined
        ? this.#writeMirrored(variable, values[index] ?? [])
        : this.#writeCopies(variable, values[index] ?? []),
    );
    return {
      undo: () => {
        for (const write of writes) write.undo();
      },
      settle: () => {
        for (const write of writes) write.settle();
      },
    };
  }

  #writeMirrored(variable: Variable, values: readonly TensorHandle[]): UndoableWrites {
    const before = this.#pinnedValue(variable);
    this.#assign(variable, values);
    return {
      undo: () => {
        this.#restore(variable, before);
      },
      settle: () => {
        before.unpin();
      },
    };
  }

  /** Writes a variable that has a value on each replica. */
  #writeCopies(variable: Variable, values: readonly TensorHandle[]): UndoableWrites {
    const { backend, tf } = this.#environment;
    const before = copiesOf(variable)?.map((copy) => keepCopy(tf, copy)) ?? [];
    tf.tidy(() => {
      setCopies(
        tf,
        variable,
        values.map((handle) => backend.tensorOf(handle)),
      );
    });
    return {
      undo: () => {
        if (!variable.isDisposed) setCopies(tf, variable, before);
      },
      settle: () => {
        tf.dispose(before);
      },
    };
  }

  /** The value of a variable. Pinned, it survives the next assignment. */
  #pinnedValue(variable: Variable): TensorHandle {
    const handle = tensorHandleOf(this.#environment.backend, variable);
    handle.pin();
    return handle;
  }

  #restore(variable: Variable, handle: TensorHandle): void {
    const { backend, context, tf } = this.#environment;
    if (variable.isDisposed) return;
    if (!handle.isDisposed) {
      // Another variable has the same value, and goes on owning this handle.
      tf.tidy(() => {
        assignValue(variable, backend.tensorOf(context.share(handle)));
      });
      return;
    }
    handle.revive();
    tf.tidy(() => {
      assignValue(variable, backend.tensorOf(handle));
    });
    // settle() removes this pin.
    handle.pin();
  }

  #assign(variable: Variable, [primary, ...mirrors]: readonly TensorHandle[]): void {
    const { backend, tf } = this.#environment;
    if (primary === undefined) return;
    primary.mirrors = mirrors;
    tf.tidy(() => {
      assignValue(variable, backend.tensorOf(primary));
    });
  }
}
