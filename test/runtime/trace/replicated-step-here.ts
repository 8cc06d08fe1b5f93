/** A step of bodies of the test's own over several logical CPUs of the session's TensorFlow. */
import type { Tensor } from '@tensorflow/tfjs';

import { session, useBackend } from '../../../src/runtime/backend/install.js';
import type { MirrorscopeBackend } from '../../../src/runtime/backend/mirrorscope-backend.js';
import { EagerExecutor } from '../../../src/runtime/tensorflow/eager-executor.js';
import { loadTfjs, loadTfjsCore } from '../../../src/runtime/tfjs.js';
import { DEFAULT_COMMUNICATION } from '../../../src/runtime/trace/communication-options.js';
import { formGroup } from '../../../src/runtime/trace/form-group.js';
import { Profiling } from '../../../src/runtime/trace/profiling.js';
import type { StepBody } from '../../../src/runtime/trace/replica-function.js';
import { ReplicatedStep } from '../../../src/runtime/trace/replicated-step.js';
import { StepsUnderWay } from '../../../src/runtime/trace/steps-under-way.js';

/** Runs one body a replica; `data` is the replica's own. */
export type RunStep = (bodies: readonly { readonly key: string; readonly body: StepBody; readonly data?: readonly Tensor[] }[]) => Tensor[][];

/** A step named `name` over `replicas` devices. */
export function replicatedStepHere(name: string, replicas: number, timeoutSeconds: number): RunStep {
  session.configure({ cpuDevices: replicas }, 'Logical devices');
  useBackend();
  const tf = loadTfjs();
  const { context } = session;
  const places = context.devices
    .filter(({ type }) => type === 'CPU')
    .map((device) => ({ device, executor: new EagerExecutor(context, { device, queue: context.newQueue(true) }) }));
  let functions = 0;
  let nextKey = 2;
  formGroup(places, { key: 1, instanceKey: 1, implementation: 'auto' });
  const step = new ReplicatedStep(name, {
    place: { tf, backend: tf.backend() as unknown as MirrorscopeBackend, context },
    core: loadTfjsCore(),
    places,
    group: { size: replicas, key: 1, pairKey: () => 2, options: { ...DEFAULT_COMMUNICATION, timeoutSeconds } },
    fresh: {
      functionName: (own) => `${own}_${String(++functions)}`,
      instanceKeys: (count) => (nextKey += count) - count,
    },
    profiling: new Profiling(),
    underWay: new StepsUnderWay(context),
    seed: 1,
  });
  return (bodies) => step.run(bodies.map(({ key, body, data = [] }) => ({ key, body, data })), '');
}
