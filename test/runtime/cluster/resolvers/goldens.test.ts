/** The resolvers against those of Python TensorFlow: scripts/goldens/generate_cluster_goldens.py wrote the cases. */
import type { ClusterResolver } from '../../../../src/runtime/cluster/resolvers/cluster-resolver.js';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, test, vi } from 'vitest';

import { MirrorscopeError } from '../../../../src/errors/mirrorscope-error.js';
import { resolveTask } from '../../../../src/runtime/cluster/resolvers/resolve-task.js';
import { SlurmClusterResolver } from '../../../../src/runtime/cluster/resolvers/slurm-cluster-resolver.js';
import { expandHostlist } from '../../../../src/runtime/cluster/resolvers/slurm-lists.js';
import { TFConfigClusterResolver } from '../../../../src/runtime/cluster/resolvers/tf-config-cluster-resolver.js';

const FOLDER = join(import.meta.dirname, '../../../../fixtures/goldens/cluster');

interface Outcome {
  readonly clusterSpec: Record<string, unknown>;
  readonly [member: string]: unknown;
}

interface Case {
  readonly outcome?: Outcome;
  readonly error?: string;
}

interface TfConfigCase extends Case {
  readonly config: string;
  readonly overrides: { task_type?: string; task_id?: number; rpc_layer?: string };
}

interface SlurmCase extends Case {
  readonly variables: Record<string, string>;
  readonly options: Record<string, unknown>;
}

function readCases<T>(name: string): T[] {
  return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as T[];
}

/** What the generator records, of our resolver. */
function outcomeOf(resolver: ClusterResolver): Outcome {
  const clusterSpec = resolver.clusterSpec().asDict();
  const rpcLayer = resolver.rpcLayer ?? null;
  const task = resolveTask(resolver);
  if (task === undefined) return { clusterSpec, rpcLayer, local: true };
  const { taskType, taskId, workerIndex, workers, isChief, collectiveLeader = '', coordinationLeader } = task;
  const workerCount = workers.length;
  return {
    clusterSpec,
    rpcLayer,
    taskType,
    taskId,
    workerIndex,
    workerCount,
    isChief,
    collectiveLeader,
    coordinationLeader,
  };
}

function attempt(make: () => Outcome): Case {
  try {
    return { outcome: make() };
  } catch (error) {
    if (!(error instanceof MirrorscopeError)) throw error;
    return { error: error.message };
  }
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('TF_CONFIG', () => {
  const cases = readCases<TfConfigCase>('tf-config');

  /** Python goes on with these, and its server fails or hangs later. */
  function isRejectedHereOnly({ config }: TfConfigCase): boolean {
    const hasFractionalIndex = config.includes('"index": 1.0');
    const isNoObject = config === '[]' || config === '"text"' || config.includes('"task": []');
    const lacksAddressOfTask0 = config.includes('{"worker": {"1": "a:1"}}');
    return hasFractionalIndex || isNoObject || lacksAddressOfTask0;
  }

  /** An evaluator need not be in the cluster. Python's strategy means to allow this, but fails with a KeyError. */
  function isAcceptedHereOnly({ error }: TfConfigCase, { outcome }: Case): boolean {
    return error === 'KeyError' && outcome?.taskType === 'evaluator' && outcome.workerCount === 1;
  }

  test('gives what TensorFlow gives', () => {
    const differences = cases.flatMap((each) => {
      vi.stubEnv('TF_CONFIG', each.config);
      const { task_type: taskType, task_id: taskId, rpc_layer: rpcLayer } = each.overrides;
      const ours = attempt(() => outcomeOf(new TFConfigClusterResolver({ taskType, taskId, rpcLayer })));
      if (each.outcome === undefined)
        return ours.outcome === undefined || isAcceptedHereOnly(each, ours) ? [] : [{ ...each, ours }];
      if (ours.outcome === undefined && isRejectedHereOnly(each)) return [];
      return JSON.stringify(sorted(ours.outcome)) === JSON.stringify(sorted(each.outcome)) ? [] : [{ ...each, ours }];
    });
    expect(differences).toEqual([]);
    expect(cases.filter(({ outcome }) => outcome !== undefined).length).toBeGreaterThan(100);
  });

  test('every error names TF_CONFIG, the cluster or the task', () => {
    for (const { config } of cases) {
      vi.stubEnv('TF_CONFIG', config);
      const { error } = attempt(() => outcomeOf(new TFConfigClusterResolver()));
      if (error !== undefined) expect(error).toMatch(/^(TF_CONFIG|The cluster|The task)\b/);
    }
  });
});

describe('Slurm', () => {
  /**
   * Python sorts the hosts, but Slurm counts ranks in the order of its list. So with a list that is not sorted, Python
   * gives most tasks the address of another node.
   */
  const isSorted = ({ variables }: SlurmCase): boolean => variables.SLURM_STEP_NODELIST !== 'n[1-2],m5';

  test('gives what TensorFlow gives', () => {
    const differences = readCases<SlurmCase>('slurm')
      .filter(isSorted)
      .flatMap((each) => {
        vi.unstubAllEnvs();
        vi.stubEnv('CUDA_VISIBLE_DEVICES', undefined);
        for (const [name, value] of Object.entries(each.variables)) vi.stubEnv(name, value);
        const ours = attempt(() => {
          const outcome = outcomeOf(new SlurmClusterResolver(camelCase(each.options)));
          return { ...outcome, visibleDevices: process.env.CUDA_VISIBLE_DEVICES ?? null };
        });
        if (each.outcome === undefined) return ours.outcome === undefined ? [] : [{ ...each, ours }];
        // The variables contradict each other. Python leaves hosts out.
        if (ours.error?.startsWith('SLURM_STEP_TASKS_PER_NODE is about 1 nodes') === true) return [];
        return JSON.stringify(sorted(ours.outcome)) === JSON.stringify(sorted(each.outcome)) ? [] : [{ ...each, ours }];
      });
    expect(differences).toEqual([]);
  });

  test('expands lists of hosts as TensorFlow does', () => {
    for (const { list, hosts } of readCases<{ list: string; hosts?: string[] }>('hostlists')) {
      // A step without hosts fails in both; Python notices it later.
      if (list === '') continue;
      const ours = attempt(() => ({ clusterSpec: {}, hosts: expandHostlist(list, { document: 'list', path: '' }) }));
      expect([list, ours.outcome?.hosts]).toEqual([list, hosts]);
    }
  });
});

function camelCase(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

/** The order of keys does not count. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, sorted(item)]);
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}
