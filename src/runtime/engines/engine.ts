/** The interface of an engine: it runs replicas and, if it can, traces their steps. Types only. */
import type { Device, DeviceRequest } from '../distribute/device.js';
import type { ReplicaRunner } from '../distribute/ports/replica-runner.js';
import type { TracingEngine } from '../layers/ports/tracing-engine.js';
import type { Profiler } from '../trace/profiler.js';

/** The names of the engines. */
export type EngineName = 'logical' | 'tensorflow';

/** Whether an engine can run on this machine. Finding out loads no library. */
export interface EngineProbe {
  readonly available: boolean;
  /** Why it can or cannot run, in one sentence. */
  readonly reason: string;
}

/** Runs replicas on devices. */
export interface Engine extends ReplicaRunner {
  readonly name: EngineName;
  /** Traces steps. An engine without it runs everything eagerly. */
  readonly tracing?: TracingEngine;
  /** Measures traced steps for `profile`. An engine that does not trace has none. */
  readonly profiler?: Profiler;
  /** Lists every device that the engine can use. */
  listDevices(): readonly Device[];
  /**
   * Finds the devices that a strategy requests.
   *
   * @param request - The request. By default, all devices.
   * @returns The devices, in the order of the request.
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE` or `INVALID_ARGUMENT`.
   */
  resolveDevices(request: DeviceRequest | undefined): readonly Device[];
}
