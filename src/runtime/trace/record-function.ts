/**
 * Records one run of a function of tensors and variables. The run has no lasting effect: variables keep their values.
 * Touches tfjs variables, tfjs's registry of gradients, `Math.random` and the backend's executor until the recording
 * ends.
 */
import type { MirrorscopeBackend } from '../backend/mirrorscope-backend.js';
import type { TensorFlowContext } from '../tensorflow/context.js';
import type { Handle } from '../tensorflow/op-executor.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { HostConstant, RecordedOperation } from './program.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { collectKept } from '../tfjs/kept-tensors.js';
import { overrideProperty } from '../tfjs/override-property.js';
import { assignValue, registeredVariables } from '../tfjs/registered-variables.js';
import { VariableIsolation } from '../tfjs/variable-isolation.js';

import { useBroadcastGradients } from './broadcast-gradients.js';
import { watchCopies } from './recorded-copies.js';
import { RecordingExecutor } from './recording-executor.js';
import { tensorHandleOf } from './tensor-handles.js';
import { UntraceableError } from './untraceable-error.js';

/** The backend and the context in which recordings run. */
export interface RecordingEnvironment {
  readonly tf: TensorFlowJs;
  readonly backend: MirrorscopeBackend;
  readonly context: TensorFlowContext;
}

/** The recording of one run. */
export interface Recording {
  readonly operations: readonly RecordedOperation[];
  readonly constants: ReadonlyMap<Handle, HostConstant>;
  /** The handles of the tensors that the function returned. */
  readonly results: readonly Handle[];
  /** The last value that was written to each variable. Variables that were not written are missing. */
  readonly writes: ReadonlyMap<Variable, Handle>;
  /** The variables that existed before the run, by the handle that held their value. */
  readonly variables: ReadonlyMap<Handle, Variable>;
}

/** Gives every variable a handle of its own, so that a handle identifies one variable. */
function separateVariables({ tf, backend, context }: RecordingEnvironment): Map<Handle, Variable> {
  const variables = new Map<Handle, Variable>();
  for (const variable of registeredVariables(tf)) {
    const handle = tensorHandleOf(backend, variable);
    const own = context.share(handle);
    // The replicas' copies of a variable may differ between the micro-batches of a step, so they are kept.
    own.mirrors = handle.mirrors.map((mirror) => context.share(mirror));
    tf.tidy(() => {
      assignValue(variable, backend.tensorOf(own));
    });
    variables.set(backend.handleOf(variable), variable);
  }
  return variables;
}

/** Hooks everything that a recording must see or forbid. Undo the hooks in the order of the fields. */
function hookTfjs(tf: TensorFlowJs) {
  return {
    restoreRandom: overrideProperty(Math, 'random', () => {
      throw new UntraceableError('Math.random', 'draws a random number on the host');
    }),
    restoreGradients: useBroadcastGradients(tf),
    // TensorFlow.js keeps metrics beyond their tidy scope; the recording must release them.
    keptTensors: collectKept(tf),
  };
}

/**
 * Runs `body` once through a recorder.
 *
 * @param environment - Where to run it.
 * @param body - Gets the recorder, for ops that must be recorded but not run. Returns tensors; all others are released.
 * @returns The recording.
 * @throws {UntraceableError} when `body` reads a value on the host or draws random numbers there.
 */
export function recordFunction(
  environment: RecordingEnvironment,
  body: (recorder: RecordingExecutor) => readonly Tensor[],
): Recording {
  const { tf, backend } = environment;
  const variables = separateVariables(environment);
  const requireUnusedCopies = watchCopies(tf, backend);
  const isolation = new VariableIsolation(tf);
  const outer = backend.executor;
  const recorder = new RecordingExecutor(outer);
  const hooks = hookTfjs(tf);
  backend.executor = recorder;
  const writes = new Map<Variable, Handle>();
  let results: Handle[] = [];
  try {
    isolation.isolate(() => {
      tf.tidy(() => {
        // Values that are still on the host get their handles here, while the recorder listens.
        results = body(recorder).map((tensor) => backend.handleOf(tensor));
        requireUnusedCopies(recorder);
        const collected = isolation.collectWrites();
        for (const [variable, tensor] of collected) writes.set(variable, backend.handleOf(tensor));
        for (const tensor of collected.values()) tensor.dispose();
      });
    });
  } finally {
    backend.executor = outer;
    hooks.restoreRandom();
    hooks.restoreGradients();
    hooks.keptTensors.stop();
    isolation.restore();
    isolation.close();
    // After the isolation, whose copies share these buffers until now.
    for (const tensor of hooks.keptTensors.kept) if (!tensor.isDisposed && !('trainable' in tensor)) tensor.dispose();
  }
  return { operations: recorder.operations, constants: recorder.constants, results, writes, variables };
}
