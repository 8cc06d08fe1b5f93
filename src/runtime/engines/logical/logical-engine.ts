/**
 * Runs replicas one after another on the current TensorFlow.js backend. The results are those of several devices. Use
 * it for tests, on machines without TensorFlow, and for code that must run everywhere. Touches tfjs variables.
 */
import type { Device, DeviceRequest } from '../../distribute/device.js';
import type { ReplicaGroup, ReplicaTask } from '../../distribute/ports/replica-runner.js';
import type { ReduceOp } from '../../distribute/reduce-op.js';
import type { Engine } from '../engine.js';
import type { Tensor } from '@tensorflow/tfjs';

import { concatenate } from '../../distribute/gather-tensors.js';
import { loadTfjs, type TensorFlowJs } from '../../tfjs/load-tfjs.js';
import { namesGpu, warnOfStandIns } from '../stand-in-devices.js';
import { runInTurns } from '../turns/run-in-turns.js';

import { logicalDevice, resolveLogicalDevices } from './logical-devices.js';

/** The engine `logical`. */
export class LogicalEngine implements Engine {
  readonly name = 'logical';
  #tf: TensorFlowJs | undefined;
  #announced = false;
  #warned = false;

  get tf(): TensorFlowJs {
    return (this.#tf ??= loadTfjs());
  }

  listDevices(): readonly Device[] {
    return [logicalDevice(0)];
  }

  resolveDevices(request: DeviceRequest | undefined): readonly Device[] {
    const devices = resolveLogicalDevices(request, this.listDevices());
    if (devices.length > 1) this.#announce(devices.length);
    if (!this.#warned && namesGpu(request)) {
      this.#warned = true;
      warnOfStandIns('the logical engine has no GPUs');
    }
    return devices;
  }

  runReplicas<Result>(task: ReplicaTask<Result>): Result[] {
    return runInTurns(this.tf, task);
  }

  reduce({ crossDeviceOps }: ReplicaGroup, operation: ReduceOp, tensors: readonly Tensor[]): Tensor {
    return crossDeviceOps.reduce(this.tf, operation, tensors);
  }

  gather(_group: ReplicaGroup, tensors: readonly Tensor[], axis: number): Tensor {
    return concatenate(this.tf, tensors, axis);
  }

  #announce(replicas: number): void {
    if (this.#announced) return;
    this.#announced = true;
    console.warn(
      `mirrorscope: ${replicas} replicas run one after another on the logical engine: the results are those of ` +
        `${replicas} devices, the speed is that of one.`,
    );
  }
}
