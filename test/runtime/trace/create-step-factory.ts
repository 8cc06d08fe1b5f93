/** Runs steps with bodies of the test's own over several logical CPUs of the session's TensorFlow. */
import type { StepBody } from '../../../src/runtime/trace/step-body.js';
import type { Transfer } from '../../../src/runtime/trace/transfers.js';
import type { Tensor } from '@tensorflow/tfjs';

import { session, useBackend } from '../../../src/runtime/backend/install.js';
import { EagerExecutor } from '../../../src/runtime/tensorflow/eager-executor.js';
import { loadTfjs, loadTfjsCore } from '../../../src/runtime/tfjs/load-tfjs.js';
import { type CommunicationOptions, DEFAULT_COMMUNICATION } from '../../../src/runtime/trace/communication-options.js';
import { InFlightSteps } from '../../../src/runtime/trace/in-flight-steps.js';
import { InstanceKeys } from '../../../src/runtime/trace/instance-keys.js';
import { Profiler } from '../../../src/runtime/trace/profiler.js';
import { ReplicatedStep } from '../../../src/runtime/trace/replicated-step.js';
import { warmUpGroup } from '../../../src/runtime/trace/warm-up-group.js';

/** Runs one body for each replica, with the replica's own data. */
export type RunStep = (
  bodies: readonly { readonly key: string; readonly body: StepBody; readonly data?: readonly Tensor[] }[],
) => Tensor[][];

/** Makes a step. With `transfers`, its replicas reduce by them. */
export type NewStep = (
  name: string,
  transfers?: readonly Transfer[],
  communication?: Partial<CommunicationOptions>,
) => RunStep;

/** Makes steps over `replicas` devices, which share queues. */
export function createStepFactory(replicas: number, timeoutSeconds: number): NewStep {
  // Enough threads for one replica to compute while another waits.
  session.configure({ cpuDevices: replicas, interOpParallelismThreads: 2 * replicas }, 'Logical devices');
  const backend = useBackend();
  const tf = loadTfjs();
  const { context } = session;
  const devices = context.devices
    .filter(({ type }) => type === 'CPU')
    .map((device) => ({ device, executor: new EagerExecutor(context, { device, queue: context.newQueue(true) }) }));
  let functions = 0;
  const pairs = new Map<string, number>();
  const instanceKeys = new InstanceKeys();
  const warmUp = (members: typeof devices, key: number): void => {
    warmUpGroup(members, { size: members.length, key, instanceKey: instanceKeys.single(), implementation: 'auto' });
  };
  warmUp(devices, 1);
  const pairKey = (one: number, other: number): number => {
    const pair = [one, other].sort();
    const key = pairs.get(pair.join()) ?? pairs.size + 2;
    if (!pairs.has(pair.join()))
      warmUp(
        devices.filter((_, replica) => pair.includes(replica)),
        key,
      );
    pairs.set(pair.join(), key);
    return key;
  };
  const inFlight = new InFlightSteps(context);
  return (name, transfers, communication) => {
    const step = new ReplicatedStep(name, {
      environment: { tf, backend, context },
      core: loadTfjsCore(),
      replicas: devices,
      group: {
        size: replicas,
        firstReplica: 0,
        key: 1,
        pairKey,
        instanceKeys,
        options: { ...DEFAULT_COMMUNICATION, timeoutSeconds, ...communication },
        transfers,
      },
      uniqueIds: { functionName: (own) => `${own.replaceAll(' ', '_')}_${String(++functions)}` },
      profiler: new Profiler(),
      inFlight,
      seed: 1,
    });
    return (bodies) =>
      step.run(
        bodies.map(({ key, body, data = [] }) => ({ key, body, data })),
        '',
      );
  };
}
