/**
 * Trains models by XLA, through a PJRT plugin. TensorFlow records the steps, runs everything else, and runs the steps
 * that have no lowering.
 */
import type { Device, DeviceRequest } from '../../distribute/device.js';
import type { ReplicaFunctionCall, ReplicaGroup, ReplicaTask } from '../../distribute/ports/replica-runner.js';
import type { ReduceOp } from '../../distribute/reduce-op.js';
import type { TracingEngine } from '../../layers/ports/tracing-engine.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { Profiler } from '../../trace/profiler.js';
import type { ReplicatedStepOptions } from '../../trace/step-options.js';
import type { Engine } from '../engine.js';
import type { TensorFlowEngine } from '../tensorflow/tensorflow-engine.js';
import type { PjrtSession } from './pjrt-session.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ReplicatedStep } from '../../trace/replicated-step.js';

import { LaunchedSteps } from './launched-steps.js';
import { type PjrtParts, PjrtStep } from './pjrt-step.js';
import { PjrtValues } from './pjrt-value.js';
import { ScalarOps } from './scalar-ops.js';

/** The engine `pjrt`. Its constructor starts nothing; resolving devices starts XLA and TensorFlow. */
export class PjrtEngine implements Engine {
  readonly name = 'pjrt';
  readonly tracing: TracingEngine;
  readonly #session: PjrtSession;
  readonly #tensorFlow: TensorFlowEngine;
  readonly #notices = new Set<string>();
  #parts: PjrtParts | undefined;

  /**
   * @param session - Finds the plugin, and starts it.
   * @param tensorFlow - The only engine of TensorFlow in this process: another one would use the same names and keys.
   */
  constructor(session: PjrtSession, tensorFlow: TensorFlowEngine) {
    this.#session = session;
    this.#tensorFlow = tensorFlow;
    this.tracing = tensorFlow.tracingWith({
      makeStep: (name, options) =>
        new PjrtStep(name, options, this.partsFor(options), new ReplicatedStep(name, options)),
      feed: (options) => ({
        ready: () => this.partsFor(options()).launched.ready(),
        // The arguments of a step are copied to the devices when it starts, from where they are.
        place: () => ({ dispose: () => undefined }),
      }),
    });
  }

  get tf(): TensorFlowJs {
    return this.#tensorFlow.tf;
  }

  get isRecording(): boolean {
    return this.#tensorFlow.isRecording;
  }

  get profiler(): Profiler {
    return this.#tensorFlow.profiler;
  }

  listDevices(): readonly Device[] {
    const { client } = this.#session;
    return client.platform === 'cpu' ? this.#tensorFlow.listDevices() : this.resolveDevices(client.devices.length);
  }

  resolveDevices(request: DeviceRequest | undefined): readonly Device[] {
    const { client } = this.#session;
    // TensorFlow has a CPU device for each device of XLA, with the same number.
    const all = client.platform === 'cpu' ? undefined : client.devices.length;
    const devices = this.#tensorFlow.resolveDevices(Array.isArray(request) ? request.map(toNumber) : (request ?? all));
    for (const { index } of devices) client.deviceAt(index);
    return devices;
  }

  runReplicas<Result>(task: ReplicaTask<Result>): Result[] {
    return this.#tensorFlow.runReplicas(task);
  }

  reduce(group: ReplicaGroup, operation: ReduceOp, tensors: readonly Tensor[]): Tensor {
    return this.#tensorFlow.reduce(group, operation, tensors);
  }

  gather(group: ReplicaGroup, tensors: readonly Tensor[], axis: number): Tensor {
    return this.#tensorFlow.gather(group, tensors, axis);
  }

  runFunction(call: ReplicaFunctionCall): unknown[] | undefined {
    return this.#tensorFlow.runFunction(call);
  }

  /**
   * Makes what all steps on XLA share. Starts XLA on the first call.
   *
   * @param options - The options of any step.
   * @returns The same in each call.
   */
  partsFor({ environment }: ReplicatedStepOptions): PjrtParts {
    if (this.#parts !== undefined) return this.#parts;
    const { client } = this.#session;
    const launched = new LaunchedSteps(client.api);
    const values = new PjrtValues(client, environment.context, launched.explain);
    const scalarOps = new ScalarOps(environment.context, values, launched.explain);
    environment.context.runOutside = (op, inputs) => scalarOps.run(op, inputs);
    return (this.#parts = {
      client,
      launched,
      values,
      notify: (step, reason) => {
        this.#notify(step, reason);
      },
    });
  }

  #notify(step: string, reason: string): void {
    const notice =
      `mirrorscope: the ${step} step runs on TensorFlow, because the engine "pjrt" cannot run ${reason}. ` +
      'The results are the same.';
    if (this.#notices.has(notice)) return;
    this.#notices.add(notice);
    console.warn(notice);
  }
}

/** `gpu:1`, `/device:GPU:1` and 1 are the same device of XLA. */
function toNumber(device: number | string): number | string {
  const number = typeof device === 'string' ? /(?:^|[/:])[a-z_]+:(\d+)$/i.exec(device.trim())?.[1] : undefined;
  return number === undefined ? device : Number(number);
}
