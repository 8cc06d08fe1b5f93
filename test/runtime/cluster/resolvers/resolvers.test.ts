/** The resolvers with inputs for which Python TensorFlow has no counterpart, and the messages of their errors. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { ErrorCode } from '../../../../src/errors/error-code.js';
import { MirrorscopeError } from '../../../../src/errors/mirrorscope-error.js';
import { ClusterSpec, type JobAddresses } from '../../../../src/runtime/cluster/resolvers/cluster-spec.js';
import { readClusterSpec } from '../../../../src/runtime/cluster/resolvers/cluster-spec-file.js';
import {
  KubernetesClusterResolver,
  type KubernetesClusterResolverOptions,
} from '../../../../src/runtime/cluster/resolvers/kubernetes-cluster-resolver.js';
import { MAX_TASKS } from '../../../../src/runtime/cluster/resolvers/parse-cluster-spec.js';
import { resolveTask } from '../../../../src/runtime/cluster/resolvers/resolve-task.js';
import { SimpleClusterResolver } from '../../../../src/runtime/cluster/resolvers/simple-cluster-resolver.js';
import { SlurmClusterResolver } from '../../../../src/runtime/cluster/resolvers/slurm-cluster-resolver.js';
import { TFConfigClusterResolver } from '../../../../src/runtime/cluster/resolvers/tf-config-cluster-resolver.js';

function errorOf(action: () => unknown): MirrorscopeError {
  try {
    action();
  } catch (error) {
    if (error instanceof MirrorscopeError) return error;
    throw error;
  }
  throw new Error('no error');
}

const messageOf = (action: () => unknown): string => errorOf(action).message;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('ClusterSpec', () => {
  const spec = new ClusterSpec({ worker: ['a:1', 'b:2'], ps: { 0: 'c:3', 2: 'd:4' } });

  test('answers as TensorFlow’s', () => {
    expect(spec.jobs).toEqual(['worker', 'ps']);
    expect(spec.numTasks('ps')).toBe(2);
    expect(spec.taskIndices('ps')).toEqual([0, 2]);
    expect(spec.jobTasks('ps')).toEqual(['c:3', undefined, 'd:4']);
    expect(spec.taskAddress('worker', 1)).toBe('b:2');
    expect(spec.asDict()).toEqual({ worker: ['a:1', 'b:2'], ps: { 0: 'c:3', 2: 'd:4' } });
  });

  test('refuses jobs and tasks that it does not have', () => {
    expect(errorOf(() => spec.numTasks('chief')).code).toBe(ErrorCode.InvalidArgument);
    expect(messageOf(() => spec.taskAddress('worker', 2))).toBe('The job worker has no task with the index 2.');
    expect(errorOf(() => spec.numTasks('toString')).code).toBe(ErrorCode.InvalidArgument);
  });

  test.each<[unknown, string]>([
    [null, 'The cluster must be an object from the names of jobs to lists of addresses; it is null.'],
    [{ worker: 'a:1' }, 'The cluster: `worker` must be a list of addresses,'],
    [{ worker: ['a:1', 'b'] }, 'The cluster: `worker[1]` must be a host and a port from 1 to 65535; it is "b".'],
    [{ worker: ['a:0'] }, 'The cluster: `worker[0]` must be a host and a port'],
    [{ worker: ['a:65536'] }, 'The cluster: `worker[0]` must be a host and a port'],
    [{ worker: ['a:1', 'a:1'] }, 'The cluster: `worker[1]` is the same address as `worker[0]`: "a:1".'],
    [{ worker: ['a:1'], ps: ['a:1'] }, 'The cluster: `ps[0]` is the same address as `worker[0]`'],
    [{ worker: ['unix:/run/x:1'] }, 'The cluster: `worker[0]` must be a host and a port'],
    [{ worker: ['a b:1'] }, 'The cluster: `worker[0]` must be a host and a port'],
    [{ worker: { one: 'a:1' } }, 'The cluster: `worker.one` must have a task index'],
    [{ worker: { 1: 'a:1', '01': 'b:1' } }, 'The cluster: `worker["01"]` gives task 1 a second address.'],
    [{ 'a/b': [] }, 'The cluster: `["a/b"]` is no name for a job'],
    [JSON.parse('{"__proto__": ["a:1"]}'), 'The cluster: `__proto__` is no name for a job'],
    [{ worker: { 9999999: 'a:1' } }, 'The cluster: `worker["9999999"]` must have a task index from 0 to 9999'],
  ])('%j is malformed', (value, message) => {
    const error = errorOf(() => new ClusterSpec(value as Record<string, JobAddresses>));
    expect(error.code).toBe(ErrorCode.ClusterConfiguration);
    expect(error.message).toContain(message);
  });

  test('limits the number of tasks, also over several jobs', () => {
    const addresses = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => `h${from + index}:1`);
    expect(new ClusterSpec({ worker: addresses(0, MAX_TASKS) }).numTasks('worker')).toBe(MAX_TASKS);
    expect(messageOf(() => new ClusterSpec({ worker: addresses(0, MAX_TASKS), ps: ['p:1'] }))).toContain('too many');
    expect(messageOf(() => new ClusterSpec({ worker: Array<string>(MAX_TASKS + 1).fill('a:1') }))).toContain(
      'the most',
    );
  });

  test('any JSON value gives a cluster or an error of ours', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (cluster, task) => {
        vi.stubEnv('TF_CONFIG', JSON.stringify({ cluster, task }));
        try {
          resolveTask(new TFConfigClusterResolver());
        } catch (error) {
          expect(error).toBeInstanceOf(MirrorscopeError);
          expect((error as MirrorscopeError).message.length).toBeLessThan(400);
        }
      }),
    );
  });
});

describe('TFConfigClusterResolver', () => {
  test('without TF_CONFIG, the process trains alone', () => {
    vi.stubEnv('TF_CONFIG', undefined);
    expect(resolveTask(new TFConfigClusterResolver())).toBeUndefined();
  });

  test('a cluster without a task is an error that says what to add', () => {
    vi.stubEnv('TF_CONFIG', JSON.stringify({ cluster: { worker: ['a:1', 'b:1'] } }));
    const error = errorOf(() => resolveTask(new TFConfigClusterResolver()));
    expect(error.message).toBe(
      'The cluster is known, but not which of its tasks this process is: the type of the task is missing.',
    );
    expect(error.hint).toContain('"task": {"type": "worker", "index": 0}');
  });

  test('a huge text is not parsed', () => {
    vi.stubEnv('TF_CONFIG', ' '.repeat(2_000_000));
    expect(messageOf(() => new TFConfigClusterResolver().clusterSpec())).toBe(
      'TF_CONFIG has 2000000 characters; 1048576 are the most.',
    );
  });

  test('nothing is run, and a long value is cut in the message', () => {
    vi.stubEnv('TF_CONFIG', JSON.stringify({ cluster: { worker: [`$(touch x)${'a'.repeat(5000)}`] } }));
    const message = messageOf(() => new TFConfigClusterResolver().clusterSpec());
    expect(message).toMatch(/^TF_CONFIG: `cluster\.worker\[0\]` must be a host and a port .*"\$\(touch x\)a+…\.$/);
    expect(message.length).toBeLessThan(200);
  });
});

describe('a file with a cluster', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mirrorscope-cluster-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function fileOf(text: string): string {
    const path = join(folder, 'cluster.json');
    writeFileSync(path, text);
    return path;
  }

  test.each(['{"worker": ["a:1", "b:1"]}', '{"cluster": {"worker": ["a:1", "b:1"]}}'])('%s', (text) => {
    expect(readClusterSpec(fileOf(text)).asDict()).toEqual({ worker: ['a:1', 'b:1'] });
  });

  test('errors name the file and the path in it', () => {
    const path = fileOf('{"cluster": {"worker": ["a:1", 7]}}');
    expect(messageOf(() => readClusterSpec(path))).toContain(`${path}: \`cluster.worker[1]\` must be a host`);
    expect(messageOf(() => readClusterSpec(fileOf('{')))).toContain('is no JSON');
    expect(messageOf(() => readClusterSpec(fileOf('{}')))).toBe(`${path} has no jobs.`);
    const error = errorOf(() => readClusterSpec(join(folder, 'none.json')));
    expect([error.code, error.message]).toEqual([
      ErrorCode.FileAccess,
      `${join(folder, 'none.json')}: The file could not be read: it does not exist.`,
    ]);
  });

  test('an endless file is not read to its end', () => {
    expect(messageOf(() => readClusterSpec('/dev/zero'))).toContain('are the most');
  });
});

describe('SlurmClusterResolver', () => {
  function stub(variables: Record<string, string>): void {
    vi.unstubAllEnvs();
    vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined);
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  }

  const STEP = {
    SLURM_PROCID: '3',
    SLURM_STEP_NUM_TASKS: '5',
    SLURM_STEP_NODELIST: 'n[9-10],m5',
    SLURM_STEP_TASKS_PER_NODE: '2(x2),1',
  };

  test('ranks follow the order of the nodes, and a step on CPUs needs no option', () => {
    stub(STEP);
    const resolver = new SlurmClusterResolver();
    expect(resolver.clusterSpec().asDict()).toEqual({
      worker: ['n9:8888', 'n9:8889', 'n10:8888', 'n10:8889', 'm5:8888'],
    });
    expect([resolver.taskType, resolver.taskId, resolver.numAccelerators()]).toEqual(['worker', 3, { GPU: 0 }]);
    expect(process.env.CUDA_VISIBLE_DEVICES).toBeUndefined();
  });

  test('a cyclic distribution deals the ranks round by round', () => {
    stub({ ...STEP, SLURM_DISTRIBUTION: 'cyclic:block', SLURM_NODEID: '0' });
    const resolver = new SlurmClusterResolver();
    expect(resolver.clusterSpec().jobTasks('worker')).toEqual([
      'n9:8888',
      'n10:8888',
      'm5:8888',
      'n9:8889',
      'n10:8889',
    ]);
  });

  test('another distribution, and a node that contradicts the rank, are errors', () => {
    stub({ ...STEP, SLURM_DISTRIBUTION: 'plane=2' });
    expect(messageOf(() => new SlurmClusterResolver())).toContain('SLURM_DISTRIBUTION must be block or cyclic');
    stub({ ...STEP, SLURM_NODEID: '2' });
    expect(messageOf(() => new SlurmClusterResolver())).toContain('runs on m5, but by its rank it would run on n10');
  });

  test('a list of a billion hosts is refused before it is expanded', () => {
    stub({ ...STEP, SLURM_STEP_NODELIST: 'n[1-999999999]' });
    expect(messageOf(() => new SlurmClusterResolver())).toContain('SLURM_STEP_NODELIST has more than 10000 entries');
    stub({ ...STEP, SLURM_STEP_NODELIST: 'n[1-9999]'.repeat(3) });
    expect(messageOf(() => new SlurmClusterResolver())).toContain('SLURM_STEP_NODELIST has more than 10000 entries');
    stub({ ...STEP, SLURM_STEP_TASKS_PER_NODE: '1(x999999999)' });
    expect(messageOf(() => new SlurmClusterResolver())).toContain('SLURM_STEP_TASKS_PER_NODE has more than');
  });

  test('outside of a step, the error says how to start one', () => {
    stub({ SLURM_PROCID: '' });
    const error = errorOf(() => new SlurmClusterResolver());
    expect([error.message, error.hint]).toEqual([
      'SLURM_PROCID is not set.',
      'Start the program in a job step: srun node train.js.',
    ]);
  });
});

describe('KubernetesClusterResolver', () => {
  const POD = { HOSTNAME: 'trainer-1', MIRRORSCOPE_SERVICE: 'workers', MIRRORSCOPE_REPLICAS: '3' };

  function resolverIn(variables: Record<string, string>, options: KubernetesClusterResolverOptions = {}) {
    vi.unstubAllEnvs();
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    return new KubernetesClusterResolver(options);
  }

  test('reads the environment of a pod', () => {
    const resolver = resolverIn(POD);
    expect(resolver.clusterSpec().asDict()).toEqual({
      worker: ['trainer-0.workers:2222', 'trainer-1.workers:2222', 'trainer-2.workers:2222'],
    });
    expect(resolveTask(resolver)).toMatchObject({ taskId: 1, isChief: false, address: 'trainer-1.workers:2222' });
  });

  test('options override the environment', () => {
    const resolver = resolverIn(POD, {
      podName: 'a-b-7',
      serviceName: 's',
      replicas: 2,
      port: 80,
      namespace: 'ml',
      firstOrdinal: 6,
    });
    expect(resolver.clusterSpec().asDict()).toEqual({ worker: ['a-b-6.s.ml.svc:80', 'a-b-7.s.ml.svc:80'] });
    expect(resolver.taskId).toBe(1);
  });

  test.each([
    [{ ...POD, HOSTNAME: 'trainer-5d8f6c7b9-x2x7p' }, 'HOSTNAME must be the name of a pod with its ordinal'],
    [{ ...POD, HOSTNAME: 'trainer-3' }, 'has the ordinal 3, but the 3 pods have ordinals from 0 to 2'],
    [{ ...POD, MIRRORSCOPE_REPLICAS: 'three' }, 'MIRRORSCOPE_REPLICAS must be a whole number from 1 to 10000'],
    [{ ...POD, MIRRORSCOPE_REPLICAS: '0' }, 'MIRRORSCOPE_REPLICAS must be a whole number'],
    [{ ...POD, MIRRORSCOPE_SERVICE: 'Work ers' }, 'MIRRORSCOPE_SERVICE must have lower-case letters'],
    [{ ...POD, MIRRORSCOPE_PORT: '70000' }, 'MIRRORSCOPE_PORT must be a whole number from 1 to 65535'],
    [{ HOSTNAME: 'trainer-0', MIRRORSCOPE_REPLICAS: '1' }, 'MIRRORSCOPE_SERVICE is not set'],
  ])('%j is malformed', (variables, message) => {
    expect(messageOf(() => resolverIn(variables))).toContain(message);
  });
});

describe('resolveTask', () => {
  test('the chief comes first, and writes', () => {
    const cluster = { worker: ['a:1', 'b:1'], chief: ['c:1'] };
    const worker = resolveTask(new SimpleClusterResolver(cluster, { taskType: 'worker', taskId: 1 }));
    expect(worker).toMatchObject({
      name: '/job:worker/replica:0/task:1',
      workerIndex: 2,
      isChief: false,
      collectiveLeader: '/job:chief/replica:0/task:0',
      coordinationLeader: '/job:chief/replica:0/task:0',
      protocol: 'grpc',
    });
    expect(worker?.workers.map(({ address }) => address)).toEqual(['c:1', 'a:1', 'b:1']);
  });

  test('an evaluator is alone, whether or not the cluster has it', () => {
    const resolver = new SimpleClusterResolver({ worker: ['a:1'] }, { taskType: 'evaluator', taskId: 0 });
    const task = resolveTask(resolver);
    expect([task?.workers.length, task?.isChief, task?.collectiveLeader]).toEqual([1, true, undefined]);
  });

  test('a task index of a program is checked, too', () => {
    const resolver = new SimpleClusterResolver({ worker: ['a:1'] }, { taskType: 'worker', taskId: -1 });
    expect(messageOf(() => resolveTask(resolver))).toBe(
      'The task has the index -1; it must be a whole number of 0 or more.',
    );
  });
});
