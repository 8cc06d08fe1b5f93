/**
 * Records one run of a function of tensors and variables. The run leaves no trace: variables keep their values.
 * Touches tfjs's engine (variables, tidy), its gradients and the backend's executor for the time of the recording.
 */
import type { MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import type { TensorFlowContext } from '../tensorflow/context.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { HostConstant, RecordedOperation } from './program.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { collectKept } from '../tfjs/kept-tensors.js';
import { overrideProperty } from '../tfjs/override-property.js';
import { registeredVariables } from '../tfjs/registered-variables.js';
import { VariableIsolation } from '../tfjs/variable-isolation.js';

import { useBroadcastGradients } from './broadcast-gradients.js';
import { RecordingExecutor } from './recording-executor.js';
import { UntraceableError } from './untraceable-error.js';

/** Where recordings are made. */
export interface RecordingEnvironment {
  readonly tf: TensorFlowJs;
  readonly backend: MirrorscopeBackend;
  readonly context: TensorFlowContext;
}

/** What one run did. */
export interface Recording {
  readonly operations: readonly RecordedOperation[];
  readonly constants: ReadonlyMap<Handle, HostConstant>;
  /** The handles of the tensors that the function returned. */
  readonly results: readonly Handle[];
  /** The last value that each variable was given; those not written are absent. */
  readonly writes: ReadonlyMap<Variable, Handle>;
  /** The variables that existed, by the handle that held their value during the run. */
  readonly variables: ReadonlyMap<Handle, Variable>;
}

/** Gives every variable a handle of its own, so that a handle names one variable and nothing else. */
function separateVariables({ tf, backend, context }: RecordingEnvironment): Map<Handle, Variable> {
  const variables = new Map<Handle, Variable>();
  for (const variable of registeredVariables(tf)) {
    const handle = backend.handleOf(variable) as TensorHandle;
    const own = context.share(handle);
    // What replicas hold of a variable may differ between the micro-batches of a step.
    own.mirrors = handle.mirrors.map((mirror) => context.share(mirror));
    tf.tidy(() => {
      variable.assign(backend.tensorOf(own));
    });
    variables.set(backend.handleOf(variable), variable);
  }
  return variables;
}

/**
 * Runs `body` once through a recorder.
 *
 * @param body - Gets the recorder, for ops that must be recorded but not run. Returns tensors; all others are released.
 * @throws UntraceableError when `body` reads a value on the host or draws random numbers there.
 */
export function recordFunction(
  place: RecordingEnvironment,
  body: (recorder: RecordingExecutor) => readonly Tensor[],
): Recording {
  const { tf, backend } = place;
  const variables = separateVariables(place);
  const isolation = new VariableIsolation(tf);
  const outer = backend.executor;
  const recorder = new RecordingExecutor(outer);
  const stopWatching = overrideProperty(Math, 'random', () => {
    throw new UntraceableError('Math.random', 'draws a random number on the host');
  });
  const stopSpreading = useBroadcastGradients(tf);
  const watched = collectKept(tf);
  backend.executor = recorder;
  const writes = new Map<Variable, Handle>();
  let results: Handle[] = [];
  try {
    isolation.isolate(() => {
      tf.tidy(() => {
        // Handles of values that are still on the host are made here, while the recorder listens.
        results = body(recorder).map((tensor) => backend.handleOf(tensor));
        const collected = isolation.collectWrites();
        for (const [variable, tensor] of collected) writes.set(variable, backend.handleOf(tensor));
        for (const tensor of collected.values()) tensor.dispose();
      });
    });
  } finally {
    backend.executor = outer;
    stopWatching();
    stopSpreading();
    watched.stop();
    isolation.restore();
    isolation.close();
    // After the isolation, which keeps copies of its own until now.
    for (const tensor of watched.kept) if (!tensor.isDisposed && !('trainable' in tensor)) tensor.dispose();
  }
  return { operations: recorder.operations, constants: recorder.constants, results, writes, variables };
}
