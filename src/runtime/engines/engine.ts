/** What every engine is: an adapter of the port through which replicas run and, if it traces, of the port of tracing. Types only. */
import type { Device, DeviceRequest } from '../distribute/device.js';
import type { ReplicaRunner } from '../distribute/ports/replica-runner.js';
import type { TracingEngine } from '../layers/ports/tracing-engine.js';
import type { Profiler } from '../trace/profiler.js';

/** The engines that exist. */
export type EngineName = 'logical' | 'tensorflow';

/** What a look at the machine found, without loading anything heavy. */
export interface EngineProbe {
  readonly available: boolean;
  /** Why it can or cannot run, in one sentence. */
  readonly reason: string;
}

/** Runs replicas on devices. */
export interface Engine extends ReplicaRunner {
  readonly name: EngineName;
  /** Absent: everything runs eagerly. */
  readonly tracing?: TracingEngine;
  /** Measures its steps while a profile is being made. Absent: it has no steps to measure. */
  readonly profiler?: Profiler;
  /** Every device that it sees. */
  listDevices(): readonly Device[];
  /**
   * The devices that a strategy asks for, in its order; all of them when it does not say.
   *
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE` or `INVALID_ARGUMENT`.
   */
  resolveDevices(request: DeviceRequest | undefined): readonly Device[];
}
