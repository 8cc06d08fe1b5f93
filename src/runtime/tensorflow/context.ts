/** A TensorFlow eager context: its devices, its queues, its tensor handles and its functions. Calls the C API. */
import type { OpInput } from './op-executor.js';
import type { OpQueue } from './op-queue.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { bindAll, type CApi } from './c-api.js';
import { CancellationOwner } from './cancellation.js';
import { type ContextConfiguration, encodeConfigProto } from './context-configuration.js';
import { FunctionOwner } from './function-owner.js';
import { HostTensors } from './host-tensor.js';
import { Messages } from './protobuf/messages.js';
import { QueuesAtThreadEnd } from './queues-at-thread-end.js';
import { Status } from './status.js';
import { HandleOwner, TensorHandle } from './tensor-handle.js';

/** A logical device of a context. */
export interface Device {
  /** `/job:localhost/replica:0/task:0/device:CPU:0` */
  readonly name: string;
  /** `CPU` or `GPU`, for example. */
  readonly type: string;
  /** In bytes; 0 when TensorFlow does not report it. */
  readonly memoryBytes: number;
}

/** `TFE_DEVICE_PLACEMENT_SILENT`: TensorFlow copies inputs that are on another device. */
const PLACEMENT_SILENT = 2;

/** An eager context. The runtime opens one per JavaScript thread. */
export class TensorFlowContext {
  readonly api: CApi;
  readonly status: Status;
  readonly handles: HandleOwner;
  readonly functions: FunctionOwner;
  readonly cancellations: CancellationOwner;
  readonly hostTensors: HostTensors;
  readonly messages: Messages;
  readonly pointer: number;
  readonly configuration: ContextConfiguration;
  readonly #defaultQueue: OpQueue;
  #currentQueue: OpQueue;
  #devices: readonly Device[] | undefined;
  readonly #atThreadEnd: QueuesAtThreadEnd | undefined;
  /** Runs an op in the library that holds its inputs; gives undefined when TensorFlow must run it. */
  runOutside: ((op: string, inputs: readonly OpInput[]) => TensorHandle | undefined) | undefined;
  /** The beginning of the names of this process's devices, in a cluster. */
  #task = '';

  constructor(api: CApi, configuration: ContextConfiguration = {}) {
    this.api = api;
    this.configuration = configuration;
    this.status = new Status(api);
    this.messages = new Messages();
    this.pointer = this.#open(encodeConfigProto(this.messages, configuration));
    this.handles = new HandleOwner(api, this.status);
    this.functions = new FunctionOwner(api, this.pointer);
    this.cancellations = new CancellationOwner(api);
    this.hostTensors = new HostTensors(api);
    this.#defaultQueue = { pointer: api.TFE_ContextGetExecutorForThread(this.pointer), isAsync: false };
    this.#currentQueue = this.#defaultQueue;
    if (api.threadEnd.isSupported) bindAll(api);
    if (this.#endsWithThread) {
      this.#atThreadEnd = new QueuesAtThreadEnd(api, this.pointer);
      this.handles.endWithThread();
    }
  }

  /** A process leaves a cluster only as a whole: deleting the context would wait for the others. */
  get #endsWithThread(): boolean {
    return this.api.threadEnd.isSupported && this.configuration.cluster === undefined;
  }

  #open(config: Uint8Array): number {
    const options = this.api.TFE_NewContextOptions();
    try {
      this.api.TFE_ContextOptionsSetConfig(options, config, config.length, this.status.pointer);
      this.status.check('TFE_ContextOptionsSetConfig');
      this.api.TFE_ContextOptionsSetDevicePlacementPolicy(options, PLACEMENT_SILENT);
      const pointer = this.api.TFE_NewContext(options, this.status.pointer);
      this.status.check('TFE_NewContext');
      return pointer;
    } finally {
      this.api.TFE_DeleteContextOptions(options);
    }
  }

  /** TensorFlow's version, such as `2.21.0`. */
  get version(): string {
    return this.api.TF_Version();
  }

  /** The logical devices of this process, in TensorFlow's order. */
  get devices(): readonly Device[] {
    return (this.#devices ??= this.#listDevices());
  }

  #listDevices(): Device[] {
    return this.#listAllDevices().filter(({ name }) => name.startsWith(this.#task));
  }

  /** Lists the devices of every process of a cluster. */
  #listAllDevices(): Device[] {
    const { api, status } = this;
    const list = api.TFE_ContextListDevices(this.pointer, status.pointer);
    status.check('TFE_ContextListDevices');
    try {
      return Array.from({ length: api.TF_DeviceListCount(list) }, (_unused, index) => ({
        name: api.TF_DeviceListName(list, index, status.pointer),
        type: api.TF_DeviceListType(list, index, status.pointer),
        memoryBytes: Math.max(0, api.TF_DeviceListMemoryBytes(list, index, status.pointer)),
      }));
    } finally {
      api.TF_DeleteDeviceList(list);
    }
  }

  /**
   * Joins a cluster: starts TensorFlow's server and, with a coordination service, waits for the other processes. The
   * devices of this process get new names.
   *
   * @param server - The cluster and this process's place in it: a serialized ServerDef.
   * @param task - This process, such as `/job:worker/replica:0/task:1`.
   * @throws {TensorFlowError} When the server cannot start, or a process is missing.
   */
  joinCluster(server: Uint8Array, task: string): void {
    this.api.TFE_EnableCollectiveOps(this.pointer, server, server.length, this.status.pointer);
    this.status.check('TFE_EnableCollectiveOps');
    this.#task = `${task}/`;
    this.#devices = undefined;
  }

  /**
   * Looks up a device.
   *
   * @param name - As TensorFlow accepts it: `GPU:1`, `cpu:0`, `/device:CPU:0`, `/GPU:0` or the full name.
   * @returns The device.
   * @throws {MirrorscopeError} `UNKNOWN_DEVICE` when the context has no such device.
   */
  resolveDevice(name: string): Device {
    const wanted = name.toUpperCase();
    const found =
      this.devices.find((device) => device.name === name) ??
      this.devices.find((device) => {
        const [type, index] = device.name.toUpperCase().split('/DEVICE:')[1]?.split(':') ?? [];
        return [
          `${type}:${index}`,
          `/${type}:${index}`,
          `/DEVICE:${type}:${index}`,
          ...(index === '0' ? [`${type}`, `/${type}`] : []),
        ].includes(wanted);
      });
    if (found) return found;
    throw new MirrorscopeError(
      ErrorCode.UnknownDevice,
      `There is no device ${name}. Choose from: ${this.devices.map((device) => device.name.split('/device:')[1]).join(', ')}.`,
    );
  }

  /** The queue that ops use by default: each op runs immediately, on the calling thread. */
  get defaultQueue(): OpQueue {
    return this.#defaultQueue;
  }

  /**
   * Makes a queue. It lasts as long as the context.
   *
   * @param isAsync - Whether a call returns before its op has run.
   * @returns The queue.
   */
  newQueue(isAsync: boolean): OpQueue {
    const pointer = this.api.TFE_NewExecutor(isAsync ? 1 : 0, 1, 0);
    if (this.#atThreadEnd !== undefined) {
      this.#atThreadEnd.add(pointer);
      // Deleting a queue waits for its functions.
      this.cancellations.cancelFirstAtThreadEnd();
    }
    return { pointer, isAsync };
  }

  /**
   * Runs code that starts ops in several queues which wait for each other, and which nothing can cancel.
   *
   * @param body - Runs once.
   * @returns What `body` returns.
   */
  waitingForEachOther<Result>(body: () => Result): Result {
    return this.#atThreadEnd === undefined ? body() : this.#atThreadEnd.keep(body);
  }

  /**
   * Sends the following ops of this thread to a queue.
   *
   * @param queue - The queue.
   */
  useQueue(queue: OpQueue): void {
    if (queue === this.#currentQueue) return;
    this.api.TFE_ContextSetExecutorForThread(this.pointer, queue.pointer);
    this.#currentQueue = queue;
  }

  /**
   * Blocks until a queue is empty.
   *
   * @param queue - The queue. It is usable again after an error.
   * @throws {TensorFlowError} The error of the first op that failed.
   */
  waitForQueue(queue: OpQueue): void {
    this.api.TFE_ExecutorWaitForAllPendingNodes(queue.pointer, this.status.pointer);
    const error = this.status.takeErrorIfAny('queue');
    if (error) {
      this.api.TFE_ExecutorClearError(queue.pointer);
      throw error;
    }
  }

  /**
   * Frees what functions keep for the duration of a step, such as temporary variables. A failed function leaves them
   * behind, and its next call would fail because they exist. No function may be running.
   */
  clearStep(): void {
    this.api.TFE_ContextStartStep(this.pointer);
    this.api.TFE_ContextEndStep(this.pointer);
  }

  /**
   * Waits until a queue is empty, without blocking the event loop.
   *
   * @param queue - The queue. It is usable again after an error.
   * @throws {TensorFlowError} The error of the first op that failed.
   */
  async waitForQueueAsync(queue: OpQueue): Promise<void> {
    const status = new Status(this.api);
    try {
      await this.api.callAsync('TFE_ExecutorWaitForAllPendingNodes', queue.pointer, status.pointer);
      const error = status.takeErrorIfAny('queue');
      if (error) {
        this.api.TFE_ExecutorClearError(queue.pointer);
        throw error;
      }
    } finally {
      status.delete();
    }
  }

  /**
   * Copies a tensor to a device. On the device where it already is, the copy shares its memory. Waits for the tensor:
   * a copy in an asynchronous queue would never have a value if an earlier operation of the queue failed.
   *
   * @param handle - The tensor.
   * @param device - Where the copy goes.
   * @returns The copy.
   * @throws {TensorFlowError} When the copy, or what computes the tensor, fails.
   */
  copyToDevice(handle: TensorHandle, device: Device): TensorHandle {
    if (handle.queue?.isAsync === true) handle.wait();
    this.useQueue(this.#defaultQueue);
    const pointer = this.api.TFE_TensorHandleCopyToDevice(
      handle.pointer,
      this.pointer,
      this.api.memory.constantString(device.name),
      this.status.pointer,
    );
    this.status.check('TFE_TensorHandleCopyToDevice');
    return new TensorHandle(this.handles, pointer);
  }

  /**
   * Makes a second handle on the same memory, which is disposed separately.
   *
   * @param handle - The tensor.
   * @returns The second handle.
   */
  share(handle: TensorHandle): TensorHandle {
    const pointer = this.api.TFE_TensorHandleCopySharingTensor(handle.pointer, this.status.pointer);
    this.status.check('TFE_TensorHandleCopySharingTensor');
    return new TensorHandle(this.handles, pointer);
  }
}
