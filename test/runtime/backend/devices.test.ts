/** Devices and threads: `config`, `withDevice` and what `mirrorscope doctor` reports. */
import type { Handle } from '../../../src/runtime/tensorflow/op-executor.js';

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';

import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ErrorCode } from '../../../src/errors/error-code.js';
import { DeviceConfiguration } from '../../../src/runtime/backend/device-configuration.js';
import {
  config,
  type MirrorscopeBackend,
  session,
  useBackend,
  withDevice,
} from '../../../src/runtime/backend/index.js';
import { describeTensorFlow } from '../../../src/runtime/tensorflow/describe.js';
import { locateTensorFlow } from '../../../src/runtime/tensorflow/locate.js';
import { RuntimeSession } from '../../../src/runtime/tensorflow/runtime-session.js';
import { TensorHandle } from '../../../src/runtime/tensorflow/tensor-handle.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

function onDevice(handle: Handle): TensorHandle {
  if (handle instanceof TensorHandle) return handle;
  throw new Error('The tensor is not on a device.');
}

function caught(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
}

describeWithTensorFlow('config', () => {
  it('lists physical devices without starting TensorFlow', () => {
    const fresh = new RuntimeSession();
    const devices = new DeviceConfiguration(fresh);
    expect(devices.listPhysicalDevices('CPU')).toEqual([{ name: '/physical_device:CPU:0', deviceType: 'CPU' }]);
    expect(fresh.isStarted).toBe(false);
  });

  it('divides the CPU and sets threads, but rejects changes once TensorFlow has started', () => {
    const fresh = new RuntimeSession();
    const devices = new DeviceConfiguration(fresh);
    const [cpu] = devices.listPhysicalDevices('CPU') as [ReturnType<typeof devices.listPhysicalDevices>[0]];
    devices.setLogicalDeviceConfiguration(cpu, [{}, {}, {}]);
    devices.threading.setIntraOpParallelismThreads(1);
    devices.threading.setInterOpParallelismThreads(2);
    expect(devices.getLogicalDeviceConfiguration(cpu)).toHaveLength(3);
    expect(devices.listLogicalDevices('CPU').map(({ name }) => name)).toEqual([
      '/device:CPU:0',
      '/device:CPU:1',
      '/device:CPU:2',
    ]);
    expect(devices.threading.getIntraOpParallelismThreads()).toBe(1);
    expect(devices.threading.getInterOpParallelismThreads()).toBe(2);
    const late = {
      code: ErrorCode.InvalidArgument,
      message: expect.stringContaining('after the runtime has been initialized') as string,
    };
    expect(
      caught(() => {
        devices.setLogicalDeviceConfiguration(cpu, [{}]);
      }),
    ).toMatchObject(late);
    expect(
      caught(() => {
        devices.threading.setIntraOpParallelismThreads(2);
      }),
    ).toMatchObject(late);
    expect(
      caught(() => {
        devices.setVisibleDevices([], 'GPU');
      }),
    ).toMatchObject(late);
  });

  it('rejects the same settings as TensorFlow', () => {
    const devices = new DeviceConfiguration(new RuntimeSession());
    const [cpu] = devices.listPhysicalDevices('CPU') as [ReturnType<typeof devices.listPhysicalDevices>[0]];
    const invalid = { code: ErrorCode.InvalidArgument };
    expect(
      caught(() => {
        devices.setLogicalDeviceConfiguration(cpu, []);
      }),
    ).toMatchObject(invalid);
    expect(
      caught(() => {
        devices.setLogicalDeviceConfiguration(cpu, [{ memoryLimit: 100 }]);
      }),
    ).toMatchObject(invalid);
    expect(
      caught(() => {
        devices.setMemoryGrowth(cpu, true);
      }),
    ).toMatchObject(invalid);
    expect(
      caught(() => {
        devices.setVisibleDevices([]);
      }),
    ).toMatchObject(invalid);
    expect(
      caught(() => {
        devices.threading.setInterOpParallelismThreads(-1);
      }),
    ).toMatchObject(invalid);
    const unknown = { name: '/physical_device:GPU:9', deviceType: 'GPU' as const };
    expect(
      caught(() => {
        devices.setVisibleDevices([unknown], 'GPU');
      }),
    ).toMatchObject({ code: ErrorCode.UnknownDevice });
    expect(
      caught(() => {
        devices.setMemoryGrowth(unknown, true);
      }),
    ).toMatchObject({ code: ErrorCode.UnknownDevice });
  });

  it('hides every GPU with an empty list', () => {
    const fresh = new RuntimeSession();
    const devices = new DeviceConfiguration(fresh);
    devices.setVisibleDevices([], 'GPU');
    expect(fresh.configuration.visibleGpus).toEqual([]);
    expect(devices.getVisibleDevices('GPU')).toEqual([]);
    expect(devices.listLogicalDevices('GPU')).toEqual([]);
  });
});

describeWithTensorFlow('withDevice', () => {
  let backend: MirrorscopeBackend;
  beforeAll(() => {
    const [cpu] = config.listPhysicalDevices('CPU');
    if (cpu) config.setLogicalDeviceConfiguration(cpu, [{}, {}]);
    backend = useBackend();
  });
  afterAll(() => tf.setBackend('cpu'));

  const deviceOf = (tensor: tf.Tensor): string =>
    onDevice(backend.handleOf(tensor)).deviceName.split('/device:')[1] ?? '';

  it('runs the ops of a synchronous function on the device', () => {
    const x = tf.tensor1d([1, 2]);
    const inside = withDevice('CPU:1', () => x.add(1));
    expect(deviceOf(inside)).toBe('CPU:1');
    expect(deviceOf(x.add(1))).toBe('CPU:0');
    expect(Array.from(inside.dataSync())).toEqual([2, 3]);
  });

  it('separates two interleaved asynchronous functions', async () => {
    const x = tf.tensor1d([1, 2]);
    const pause = () => new Promise((resolve) => setTimeout(resolve, 5));
    const work = (device: string) =>
      withDevice(device, async () => {
        const devices: string[] = [];
        for (let step = 0; step < 3; step++) {
          devices.push(deviceOf(x.add(step)));
          await pause();
        }
        return devices;
      });
    const [first, second] = await Promise.all([work('/CPU:0'), work('/device:CPU:1')]);
    expect(first).toEqual(['CPU:0', 'CPU:0', 'CPU:0']);
    expect(second).toEqual(['CPU:1', 'CPU:1', 'CPU:1']);
    expect(session.executor.deviceSource).toBeUndefined();
  });

  it('can be nested, and ends after an error', () => {
    const x = tf.tensor1d([1]);
    const names = withDevice('CPU:1', () => [withDevice('CPU:0', () => deviceOf(x.neg())), deviceOf(x.neg())]);
    expect(names).toEqual(['CPU:0', 'CPU:1']);
    expect(() =>
      withDevice('CPU:1', () => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(deviceOf(x.neg())).toBe('CPU:0');
    expect(caught(() => withDevice('GPU:3', () => x.neg()))).toMatchObject({ code: ErrorCode.UnknownDevice });
  });
});

describe('describeTensorFlow', () => {
  it('without a library, lists the places that were searched and what to do', () => {
    const lost = new RuntimeSession();
    const workingDirectory = mkdtempSync(`${tmpdir()}/nothing-`);
    Object.defineProperty(lost, 'located', {
      value: locateTensorFlow({ environment: {}, workingDirectory, askPython: false, loaded: () => undefined }),
    });
    const description = describeTensorFlow(lost);
    expect(description.attempts.map(({ source }) => source)).toEqual(
      expect.arrayContaining(['MIRRORSCOPE_LIBTENSORFLOW', '@tensorflow/tfjs-node', 'VIRTUAL_ENV', 'system loader']),
    );
    // Users do not have the scripts of this repository.
    if (!description.available) expect(description.advice.join(' ')).toMatch(/^`pip install tensorflow`(?!.*npm run)/);
  });
});

describeWithTensorFlow('describeTensorFlow with a library', () => {
  it('reports version and devices', () => {
    const description = describeTensorFlow(new RuntimeSession());
    expect(description).toMatchObject({ available: true, problem: undefined });
    expect(description.version).toMatch(/^2\.\d+\.\d+/);
    expect(description.devices).toContain('CPU:0');
  });
});
