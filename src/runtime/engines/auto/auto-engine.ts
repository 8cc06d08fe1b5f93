/**
 * Runs each step of a model where it is fastest: on the accelerator of a PJRT plugin if there is one; else on
 * TensorFlow or, by XLA, on the same processors. Everything else runs on TensorFlow. Writes to the console.
 */
import type { Device, DeviceRequest } from '../../distribute/device.js';
import type { ReplicaFunctionCall, ReplicaGroup, ReplicaTask } from '../../distribute/ports/replica-runner.js';
import type { ReduceOp } from '../../distribute/reduce-op.js';
import type { TracingEngine } from '../../layers/ports/tracing-engine.js';
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';
import type { Profiler } from '../../trace/profiler.js';
import type { ReplicatedStepOptions } from '../../trace/step-options.js';
import type { ClusterEngine, Engine } from '../engine.js';
import type { PjrtEngine } from '../pjrt/pjrt-engine.js';
import type { PjrtSession } from '../pjrt/pjrt-session.js';
import type { TensorFlowEngine } from '../tensorflow/tensorflow-engine.js';
import type { TracedStep } from '../tensorflow/traced-step.js';
import type { StepEngine } from './engine-trial.js';
import type { Tensor } from '@tensorflow/tfjs';

import { ReplicatedStep } from '../../trace/replicated-step.js';
import { type PjrtParts, PjrtStep } from '../pjrt/pjrt-step.js';

import { AutoStep } from './auto-step.js';

/** XLA compiles a step of this size in a few seconds, during which the program waits. Unrolled layers have more. */
const MOST_OPERATIONS = 2000;

/** The engines that this one chooses from. */
export interface EngineChoices {
  readonly tensorFlow: TensorFlowEngine;
  readonly pjrt: PjrtEngine;
  readonly session: PjrtSession;
}

/** The engine `auto`. Its constructor starts nothing. */
export class AutoEngine implements Engine {
  readonly name = 'auto';
  readonly tracing: TracingEngine;
  readonly clusters: ClusterEngine;
  readonly #choices: EngineChoices;
  #isPluginBroken = false;
  #lastEngine: StepEngine = 'tensorflow';

  /** @param choices - The engines. */
  constructor(choices: EngineChoices) {
    this.#choices = choices;
    this.clusters = choices.tensorFlow.clusters;
    this.tracing = choices.tensorFlow.tracingWith({
      makeStep: (name, options) => this.#makeStep(name, options),
      feed: (options, own) => ({
        shuffle: own.shuffle,
        ready: () => (this.#lastEngine === 'pjrt' ? choices.pjrt.partsFor(options()).launched.ready() : own.ready()),
        // XLA copies the rows of a step when it starts, from where they are.
        place: (data) => (this.#lastEngine === 'pjrt' ? { dispose: () => undefined } : own.place(data)),
      }),
    });
  }

  get tf(): TensorFlowJs {
    return this.#choices.tensorFlow.tf;
  }

  get isRecording(): boolean {
    return this.#choices.tensorFlow.isRecording;
  }

  get profiler(): Profiler {
    return this.#choices.tensorFlow.profiler;
  }

  listDevices(): readonly Device[] {
    return this.#devicesOf.listDevices();
  }

  resolveDevices(request: DeviceRequest | undefined): readonly Device[] {
    return this.#devicesOf.resolveDevices(request);
  }

  runReplicas<Result>(task: ReplicaTask<Result>): Result[] {
    return this.#choices.tensorFlow.runReplicas(task);
  }

  reduce(group: ReplicaGroup, operation: ReduceOp, tensors: readonly Tensor[]): Tensor {
    return this.#choices.tensorFlow.reduce(group, operation, tensors);
  }

  gather(group: ReplicaGroup, tensors: readonly Tensor[], axis: number): Tensor {
    return this.#choices.tensorFlow.gather(group, tensors, axis);
  }

  runFunction(call: ReplicaFunctionCall): unknown[] | undefined {
    return this.#choices.tensorFlow.runFunction(call);
  }

  /** Devices are those of the plugin where it has others than processors. */
  get #devicesOf(): Engine {
    const { tensorFlow, pjrt } = this.#choices;
    return this.#hasAccelerator() ? pjrt : tensorFlow;
  }

  #hasAccelerator(): boolean {
    const { session } = this.#choices;
    // A plugin for processors need not start before a step is compiled.
    if (this.#isPluginBroken || session.located.plugin === undefined || session.located.plugin.accelerator === 'CPU')
      return false;
    return this.#attempt(() => session.client.platform !== 'cpu') ?? false;
  }

  #makeStep(name: string, options: ReplicatedStepOptions): TracedStep {
    const tensorFlow = new ReplicatedStep(name, options);
    const { replicas, group } = options;
    // XLA cannot reach other processes, and a GPU of TensorFlow is faster than XLA on processors.
    const isLocal = group.size === replicas.length;
    const hasGpu = replicas.some(({ device }) => /GPU/i.test(device.name));
    const parts = isLocal && !hasGpu ? this.#attempt(() => this.#choices.pjrt.partsFor(options)) : undefined;
    if (parts === undefined) return tensorFlow;
    return this.#hasAccelerator()
      ? new PjrtStep(name, options, parts, tensorFlow)
      : this.#stepToTry(name, options, { parts, tensorFlow });
  }

  #stepToTry(
    name: string,
    options: ReplicatedStepOptions,
    { parts, tensorFlow }: { readonly parts: PjrtParts; readonly tensorFlow: ReplicatedStep },
  ): TracedStep {
    return new AutoStep(name, options, {
      tensorFlow,
      xla: new PjrtStep(name, options, { ...parts, mostOperations: MOST_OPERATIONS }, tensorFlow),
      launched: parts.launched,
      onRun: (engine) => {
        this.#lastEngine = engine;
      },
    });
  }

  /** Uses the plugin. When it does not work, says so once. */
  #attempt<Result>(use: () => Result): Result | undefined {
    if (this.#isPluginBroken) return undefined;
    try {
      return use();
    } catch (error) {
      this.#isPluginBroken = true;
      const message = error instanceof Error ? error.message : String(error);
      console.warn(
        `mirrorscope: the engine "auto" uses TensorFlow only, because the PJRT plugin does not work: ${message}`,
      );
      return undefined;
    }
  }
}
