import { describe, expect, it } from 'vitest';

import { encodeConfigProto } from '../../../src/runtime/tensorflow/context-configuration.js';
import { Messages } from '../../../src/runtime/tensorflow/protobuf/messages.js';

const messages = new Messages();

describe('protocol buffer messages', () => {
  it('encodes a ConfigProto to the same bytes as TensorFlow', () => {
    // Python: ConfigProto(device_count={'CPU': 2}, intra_op_parallelism_threads=3,
    // allow_soft_placement=True).SerializeToString()
    expect(
      Buffer.from(encodeConfigProto(messages, { cpuDevices: 2, intraOpParallelismThreads: 3 })).toString('hex'),
    ).toContain('0a070a034350551002' + '1003');
    const decoded = messages.decode(
      'ConfigProto',
      encodeConfigProto(messages, { cpuDevices: 2, intraOpParallelismThreads: 3 }),
    );
    expect(decoded).toMatchObject({
      device_count: { CPU: 2 },
      intra_op_parallelism_threads: 3,
      allow_soft_placement: true,
    });
  });

  it('encodes how GPUs are divided', () => {
    const bytes = encodeConfigProto(messages, {
      visibleGpus: [0, 2],
      gpuDevices: [[{ memoryLimit: 512 }, { memoryLimit: 256 }], []],
    });
    expect(messages.decode('ConfigProto', bytes)).toMatchObject({
      device_count: { GPU: 2 },
      gpu_options: {
        visible_device_list: '0,2',
        experimental: { virtual_devices: [{ memory_limit_mb: [512, 256] }, {}] },
      },
    });
  });

  it('decodes the cluster that it encoded', () => {
    const value = {
      cluster: { job: [{ name: 'worker', tasks: { '0': 'a:1', '1': 'b:2' } }] },
      job_name: 'worker',
      task_index: 1,
      protocol: 'grpc',
    };
    expect(messages.decode('ServerDef', messages.encode('ServerDef', value))).toEqual(value);
  });
});
