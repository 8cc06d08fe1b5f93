import { expect, test } from 'vitest';

import { findFreePorts } from '../../src/launch/free-ports.js';
import { planWorkers, shareGpus } from '../../src/launch/job-plan.js';

test('each worker gets the same cluster and an index of its own', () => {
  const plans = planWorkers({ workers: 2, devicesPerWorker: 3, gpus: [] }, [15_000, 15_001], 4);
  expect(plans.map(({ name }) => name)).toEqual(['worker 0', 'worker 1']);
  expect(plans[1]?.environment).toEqual({
    TF_CONFIG: '{"cluster":{"worker":["127.0.0.1:15000","127.0.0.1:15001"]},"task":{"type":"worker","index":1}}',
    MIRRORSCOPE_DEVICES_PER_WORKER: '3',
    MIRRORSCOPE_RESTART_COUNT: '4',
  });
});

test('workers share the GPUs evenly, and never one GPU', () => {
  const gpus = ['0', '1', '2', '5', 'GPU-a'];
  expect(shareGpus({ workers: 2, devicesPerWorker: undefined, gpus })).toEqual([
    ['0', '1'],
    ['2', '5'],
  ]);
  expect(shareGpus({ workers: 3, devicesPerWorker: 1, gpus })).toEqual([['0'], ['1'], ['2']]);
  expect(() => shareGpus({ workers: 2, devicesPerWorker: 3, gpus })).toThrow('2 workers need 6 GPUs, but there are 5.');
  expect(() => shareGpus({ workers: 6, devicesPerWorker: undefined, gpus })).toThrow('6 workers need 6 GPUs');
  expect(shareGpus({ workers: 6, devicesPerWorker: 1, gpus: [] })).toEqual([]);
});

test('free ports are different, and taken ones are left out', async () => {
  const ports = await findFreePorts(5, 0.5);
  expect(new Set(ports).size).toBe(5);
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(ports[0], '127.0.0.1', resolve));
  try {
    expect(await findFreePorts(2, 0.5)).not.toContain(ports[0]);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
});
