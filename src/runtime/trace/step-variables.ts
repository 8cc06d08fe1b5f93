/** Writes the variables of a step, and undoes the writes of a step that failed. Touches tfjs variables. */
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { RecordingEnvironment } from './record-function.js';
import type { Variable } from '@tensorflow/tfjs';

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
    const before = variables.map((variable) => ({ variable, handle: this.#pinnedValue(variable) }));
    variables.forEach((variable, index) => {
      this.#assign(variable, values[index] ?? []);
    });
    return {
      undo: () => {
        for (const { variable, handle } of before) this.#restore(variable, handle);
      },
      settle: () => {
        for (const { handle } of before) handle.unpin();
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
        variable.assign(backend.tensorOf(context.share(handle)));
      });
      return;
    }
    handle.revive();
    tf.tidy(() => {
      variable.assign(backend.tensorOf(handle));
    });
    // settle() removes this pin.
    handle.pin();
  }

  #assign(variable: Variable, [primary, ...mirrors]: readonly TensorHandle[]): void {
    const { backend, tf } = this.#environment;
    if (primary === undefined) return;
    primary.mirrors = mirrors;
    tf.tidy(() => {
      variable.assign(backend.tensorOf(primary));
    });
  }
}
