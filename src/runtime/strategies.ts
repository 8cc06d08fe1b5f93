/** Assembles strategies from an engine, its devices and a model scope. May start TensorFlow. */
import type { Device, DeviceRequest } from './distribute/device.js';
import type { StrategyParts } from './distribute/strategy-parts.js';
import type { Engine, EngineName } from './engines/engine.js';
import type { CommunicationOptions } from './trace/communication-options.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { checkMirroredOptions } from './distribute/check-options.js';
import { CollectiveAllReduce, CrossDeviceOps, ReductionToOneDevice } from './distribute/cross-device-ops.js';
import { ReplicaTopology } from './distribute/replica-topology.js';
import { Strategy } from './distribute/strategy.js';
import { assembleStrategy } from './distribute/strategy-parts.js';
import { selectEngine } from './engines/select-engine.js';
import { createModelScope } from './layers/model-scope.js';

interface OwnParts extends Pick<StrategyParts, 'crossDeviceOps'>, Partial<Pick<StrategyParts, 'execution'>> {
  readonly devices: readonly Device[];
}

/** Assembles a strategy whose replicas all run in this process. */
function assemble(strategy: Strategy, engine: Engine, { devices, crossDeviceOps, execution = {} }: OwnParts): void {
  assembleStrategy(strategy, {
    runner: engine,
    topology: new ReplicaTopology(devices),
    crossDeviceOps,
    execution,
    modelScope: createModelScope(engine),
  });
}

/** Options of {@link MirroredStrategy}. */
export interface MirroredStrategyOptions {
  /** The number of devices, or a list of their numbers or names. Default: all devices of the engine. */
  readonly devices?: DeviceRequest | undefined;
  /** How gradients are combined. Default: `CollectiveAllReduce`. */
  readonly crossDeviceOps?: CrossDeviceOps | undefined;
  /** The engine that runs the replicas. Default: `MIRRORSCOPE_ENGINE`, else the best engine that is installed. */
  readonly engine?: EngineName | undefined;
  /** How traced steps all-reduce on the `tensorflow` engine, as `tf.distribute.experimental.CommunicationOptions`. */
  readonly communicationOptions?: Partial<CommunicationOptions> | undefined;
  /** Runs every step operation by operation, replica by replica: slower, for debugging. Default: false. */
  readonly runEagerly?: boolean | undefined;
  /**
   * The seed of dropout and noise in traced steps: the same seed gives the same masks. Default: a random seed per
   * process.
   */
  readonly seed?: number | undefined;
  /**
   * The number of micro-batches in which each replica computes its part of a batch. It adds up their gradients before
   * one all-reduce and one optimizer step, so only one micro-batch's activations are in memory. `batchSize` stays the
   * number of examples of one optimizer step. Default: 1.
   */
  readonly gradientAccumulationSteps?: number | undefined;
}

/**
 * Synchronous data-parallel training on several devices of this machine, as `tf.distribute.MirroredStrategy`. Each step
 * splits the global batch between one replica per device, and applies the sum of the replicas' gradients.
 *
 * @example
 * ```js
 * const strategy = new MirroredStrategy({ devices: 2 });
 * const model = strategy.scope(() => buildAndCompile());
 * await model.fit(x, y, { batchSize: 64 });
 * ```
 */
export class MirroredStrategy extends Strategy {
  /**
   * Chooses the engine and its devices. The engine `tensorflow` starts TensorFlow.
   *
   * @param options - Which devices, and how they communicate. Default: all devices.
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE`, `INVALID_ARGUMENT` or `ENGINE_UNAVAILABLE`.
   */
  constructor(options: MirroredStrategyOptions = {}) {
    checkMirroredOptions(options);
    const crossDeviceOps = options.crossDeviceOps ?? new CollectiveAllReduce();
    if (!(crossDeviceOps instanceof CrossDeviceOps)) {
      throw new MirrorscopeError(ErrorCode.InvalidArgument, 'crossDeviceOps must be an instance of CrossDeviceOps.', {
        hint: 'For example: new MirroredStrategy({ crossDeviceOps: new HierarchicalCopyAllReduce() }).',
      });
    }
    const { communicationOptions: communication, runEagerly, seed, gradientAccumulationSteps } = options;
    const engine = selectEngine(options.engine);
    const execution = { communication, runEagerly, seed, gradientAccumulationSteps };
    super();
    assemble(this, engine, { devices: engine.resolveDevices(options.devices), crossDeviceOps, execution });
  }
}

/** Options of {@link OneDeviceStrategy}. */
export interface OneDeviceStrategyOptions {
  /** The engine to run on. Default: `MIRRORSCOPE_ENGINE`, else the best engine that is installed. */
  readonly engine?: EngineName | undefined;
}

/**
 * A strategy with one replica on one device, as `tf.distribute.OneDeviceStrategy`.
 *
 * @example
 * ```js
 * const strategy = new OneDeviceStrategy('gpu:0');
 * ```
 */
export class OneDeviceStrategy extends Strategy {
  /**
   * Chooses the engine and its device.
   *
   * @param device - The number or the name of the device. Default: 0.
   * @param options - Which engine.
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE` or `ENGINE_UNAVAILABLE`.
   */
  constructor(device: number | string = 0, options: OneDeviceStrategyOptions = {}) {
    const engine = selectEngine(options.engine);
    super();
    assemble(this, engine, { devices: engine.resolveDevices([device]), crossDeviceOps: new ReductionToOneDevice() });
  }
}

/** A strategy with one replica, whose scope does nothing. */
class DefaultStrategy extends Strategy {
  constructor() {
    const engine = selectEngine('logical');
    super();
    assemble(this, engine, { devices: engine.resolveDevices(1), crossDeviceOps: new ReductionToOneDevice() });
  }

  /** Runs `fn`. Models constructed in it stay plain models. */
  override scope<Result>(fn: () => Result): Result {
    return fn();
  }
}

/** The strategy outside every scope. */
export const defaultStrategy: Strategy = new DefaultStrategy();
