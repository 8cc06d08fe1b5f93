/** The examples of docs/multi-worker.md fit the resolvers, and fit together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, test, vi } from 'vitest';

import { ClusterSpec } from '../../../../src/runtime/cluster/resolvers/cluster-spec.js';
import { KubernetesClusterResolver } from '../../../../src/runtime/cluster/resolvers/kubernetes-cluster-resolver.js';
import { resolveTask } from '../../../../src/runtime/cluster/resolvers/resolve-task.js';
import { TFConfigClusterResolver } from '../../../../src/runtime/cluster/resolvers/tf-config-cluster-resolver.js';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/multi-worker.md'), 'utf8');

function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`\\n\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text);
}

afterEach(() => {
  vi.unstubAllEnvs();
});

test('the TF_CONFIG and the cluster file are well-formed', () => {
  const [config = '', file = ''] = blocks('json');
  vi.stubEnv('TF_CONFIG', config);
  expect(resolveTask(new TFConfigClusterResolver())).toMatchObject({ workerIndex: 0, isChief: true });
  expect(new ClusterSpec(JSON.parse(file) as Record<string, string[]>).numTasks('worker')).toBe(2);
});

test('the pods of the manifest find each other by the names that its service gives them', () => {
  const [manifest = ''] = blocks('yaml');
  const [service = '', statefulSet = '', policy = ''] = manifest.split('---\n');
  const valueOf = (text: string, pattern: RegExp): string => pattern.exec(text)?.[1] ?? 'missing';
  for (const [, name = '', value = ''] of statefulSet.matchAll(/name: (MIRRORSCOPE_\w+)\n\s+value: '?([\w-]+)/g))
    vi.stubEnv(name, value);
  const replicas = Number(valueOf(statefulSet, /replicas: (\d+)/));
  const set = valueOf(statefulSet, /metadata:\n {2}name: (\S+)/);
  vi.stubEnv('HOSTNAME', `${set}-${replicas - 1}`);
  const task = resolveTask(new KubernetesClusterResolver());
  const name = valueOf(service, /metadata:\n {2}name: (\S+)/);
  expect(valueOf(statefulSet, /serviceName: (\S+)/)).toBe(name);
  expect(task?.workers).toHaveLength(replicas);
  const port = valueOf(statefulSet, /containerPort: (\d+)/);
  expect(task?.address).toBe(`${set}-${replicas - 1}.${name}:${port}`);
  for (const other of [service, policy]) expect(valueOf(other, /port: (\d+)/)).toBe(port);
});
