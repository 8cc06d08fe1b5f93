/**
 * Runs replicas on TensorFlow's devices in this process. Models train through traced steps: one TensorFlow function a
 * replica and step. Everything else runs replica by replica, each on its own device.
 */
import type { MirrorscopeBackend } from '../../backend/mirrorscope-backend.js';
import type { CrossDeviceOps } from '../../distribute/cross-device-ops.js';
import type { Device, DeviceRequest } from '../../distribute/device.js';
import type { ExecutionOptions, Strategy } from '../../distribute/strategy.js';
import type { AnyFunction } from '../../distribute/traced-function.js';
import type { ModelFunctions } from '../../layers/model-functions.js';
import type { OpExecutor } from '../../tensorflow/op-executor.js';
import type { DistributableModel } from '../../tfjs/layers-model.js';
import type { ReduceGroup } from '../../trace/recorded-collectives.js';
import type { ReplicatedStepOptions, UniqueIds } from '../../trace/replicated-step.js';
import type { Engine, ReplicaFunctionCall, ReplicaProgram } from '../engine.js';

import { registerBackend, session, useBackend } from '../../backend/install.js';
import { EagerExecutor } from '../../tensorflow/eager-executor.js';
import { loadTfjs, loadTfjsCore, type TensorFlowJs } from '../../tfjs/load-tfjs.js';
import { type CommunicationOptions, DEFAULT_COMMUNICATION } from '../../trace/communication-options.js';
import { InFlightSteps } from '../../trace/in-flight-steps.js';
import { Profiling } from '../../trace/profiling.js';
import { RecordingExecutor } from '../../trace/recording-executor.js';
import { warmUpGroup } from '../../trace/warm-up-group.js';
import { runInTurns } from '../turns/run-in-turns.js';

import { ReplicaPlaces } from './replica-places.js';
import { ReplicatedFunction } from './replicated-function.js';
import { canTraceNow, makeTfFunction } from './tf-function.js';
import { tracedModelFunctions } from './traced-model-functions.js';

function freshNumbers(): UniqueIds {
  let functions = 0;
  let nextKey = 1;
  return {
    functionName: (step) => `mirrorscope_${step}_${++functions}`,
    instanceKeys(count) {
      const first = nextKey;
      nextKey += count;
      return first;
    },
  };
}

/** The engine `tensorflow`. Making one starts nothing; resolving devices starts TensorFlow. */
export class TensorFlowEngine implements Engine {
  readonly name = 'tensorflow';
  readonly profiling = new Profiling();
  readonly #places = new ReplicaPlaces(session);
  readonly #fresh = freshNumbers();
  readonly #groups = new Map<string, number>();
  #underWay: InFlightSteps | undefined;
  readonly #executors = new Map<string, EagerExecutor>();
  readonly #functions = new WeakMap<Strategy, WeakMap<AnyFunction, ReplicatedFunction>>();

  get tf(): TensorFlowJs {
    return loadTfjs();
  }

  listDevices(): readonly Device[] {
    return this.#places.list();
  }

  resolveDevices(request: DeviceRequest | undefined): readonly Device[] {
    registerBackend();
    const devices = this.#places.resolve(request);
    useBackend();
    return devices;
  }

  runReplicas<Result>(program: ReplicaProgram<Result>): Result[] {
    const backend = this.#backend();
    const { executor } = backend;
    // A replica that waited runs again from its start: recorded, it must draw the same numbers.
    const recorded = executor instanceof RecordingExecutor ? executor.branchDraws() : undefined;
    return runInTurns(this.tf, {
      ...program,
      body: (replicaId, channel) => {
        if (recorded !== undefined) return recorded(replicaId, () => program.body(replicaId, channel));
        const outer = backend.executor;
        backend.executor = this.#executorOf(program.strategy.devices[replicaId] as Device, outer);
        try {
          return program.body(replicaId, channel);
        } finally {
          backend.executor = outer;
        }
      },
    });
  }

  distributeModel(model: DistributableModel, strategy: Strategy, eager: ModelFunctions): ModelFunctions {
    if (strategy.execution.runEagerly === true) return eager;
    return tracedModelFunctions(model, strategy, eager, () =>
      this.#stepOptions(strategy.devices, strategy.execution, strategy.crossDeviceOps),
    );
  }

  #backend(): MirrorscopeBackend {
    return this.tf.backend() as unknown as MirrorscopeBackend;
  }

  /** Runs ops at once on a device. */
  #executorOf(device: Device, current: OpExecutor): OpExecutor {
    // A backend that is not ours, or one that records, keeps what it has.
    if (!(current instanceof EagerExecutor)) return current;
    const known = this.#executors.get(device.name);
    if (known !== undefined) return known;
    const made = new EagerExecutor(session.context, { device: session.context.resolveDevice(device.name) });
    this.#executors.set(device.name, made);
    return made;
  }

  /** Makes a function of tensors and variables one TensorFlow function on the default device. */
  tfFunction<Arguments extends readonly unknown[], Result>(
    fn: (...args: Arguments) => Result,
  ): (...args: Arguments) => Result {
    return makeTfFunction({ engine: this, stepOptions: () => this.#stepOptions(this.#places.list().slice(0, 1)) }, fn);
  }

  runFunction({ strategy, fn, argumentsOf, eager }: ReplicaFunctionCall): unknown[] | undefined {
    if (strategy.execution.runEagerly === true || !canTraceNow(this.tf)) return undefined;
    const ofStrategy = this.#functions.get(strategy) ?? new WeakMap<AnyFunction, ReplicatedFunction>();
    this.#functions.set(strategy, ofStrategy);
    const known =
      ofStrategy.get(fn) ??
      new ReplicatedFunction(
        strategy,
        fn,
        this.#stepOptions(strategy.devices, strategy.execution, strategy.crossDeviceOps),
      );
    ofStrategy.set(fn, known);
    return known.run(argumentsOf, eager);
  }

  /** The key of the group of some devices: the same for the same devices, which have met when it is given out. */
  #groupKey(devices: readonly Device[], implementation: string): number {
    const names = devices
      .map(({ name }) => name)
      .sort()
      .join();
    const known = this.#groups.get(names);
    if (known !== undefined) return known;
    const key = this.#groups.size + 1;
    if (devices.length > 1) {
      warmUpGroup(
        devices.map((device) => this.#places.placeOf(device)),
        { key, implementation, instanceKey: this.#fresh.instanceKeys(1) },
      );
    }
    this.#groups.set(names, key);
    return key;
  }

  get #steps(): InFlightSteps {
    return (this.#underWay ??= new InFlightSteps(session.context));
  }

  #group(
    devices: readonly Device[],
    crossDeviceOps: CrossDeviceOps | undefined,
    communication: ExecutionOptions['communication'],
  ): ReduceGroup {
    const given = Object.entries(communication ?? {}).filter(([, value]) => value !== undefined);
    const options: CommunicationOptions = { ...DEFAULT_COMMUNICATION, ...Object.fromEntries(given) };
    const wanted = crossDeviceOps?.implementation ?? options.implementation;
    // NCCL knows no devices but GPUs.
    const implementation = wanted === 'nccl' && devices.some(({ type }) => type !== 'GPU') ? 'auto' : wanted;
    return {
      size: devices.length,
      key: this.#groupKey(devices, implementation),
      pairKey: (one, other) => this.#groupKey([devices[one] as Device, devices[other] as Device], implementation),
      options: { ...options, implementation },
      transfers: crossDeviceOps?.transfers(devices.length),
    };
  }

  #stepOptions(
    devices: readonly Device[],
    { communication, seed }: ExecutionOptions = {},
    crossDeviceOps?: CrossDeviceOps,
  ): ReplicatedStepOptions {
    const { tf } = this;
    return {
      place: { tf, backend: this.#backend(), context: session.context },
      core: loadTfjsCore(),
      places: devices.map((device) => this.#places.placeOf(device)),
      group: this.#group(devices, crossDeviceOps, communication),
      fresh: this.#fresh,
      profiling: this.profiling,
      underWay: this.#steps,
      // Not Math.random: a program that seeds or counts its own draws must not notice.
      seed: seed ?? (globalThis.crypto.getRandomValues(new Uint32Array(1))[0] as number),
    };
  }
}
