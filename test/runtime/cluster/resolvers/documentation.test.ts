/** The examples of docs/multi-worker.md fit the resolvers, and fit together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, expect, test, vi } from 'vitest';

import { ClusterSpec } from '../../../../src/runtime/cluster/resolvers/cluster-spec.js';
import { KubernetesClusterResolver } from '../../../../src/runtime/cluster/resolvers/kubernetes-cluster-resolver.js';
import { resolveTask } from '../../../../src/runtime/cluster/resolvers/resolve-task.js';
import { TFConfigClusterResolver } from '../../../../src/runtime/cluster/resolvers/tf-config-cluster-resolver.js';
import { type Plain, readPlainYaml } from '../support/plain-yaml.js';

import { KUBERNETES_TYPES } from './kubernetes-types-table.js';

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

const entriesOf = (value: Plain | undefined): [string, Plain][] =>
  Object.entries((value ?? {}) as Readonly<Record<string, Plain>>);

/** Finds what Kubernetes would refuse in a value of a type. */
function problemsOf(value: Plain | undefined, type: string, path: string): string[] {
  const [, container, inner = ''] = /^(list|map) of (.*)$/.exec(type) ?? [];
  if (container === 'list')
    return Array.isArray(value)
      ? (value as readonly Plain[]).flatMap((each, index) => problemsOf(each, inner, `${path}[${String(index)}]`))
      : [`${path} is no list`];
  if (container === 'map') return entriesOf(value).flatMap(([key, each]) => problemsOf(each, inner, `${path}.${key}`));
  const fields = KUBERNETES_TYPES[type];
  if (fields === undefined) {
    const actual = typeof value === 'number' ? 'integer' : typeof value;
    return type.split(' or ').includes(actual) ? [] : [`${path} is ${actual}, not ${type}`];
  }
  const given = new Map(entriesOf(value));
  const missing = Object.keys(fields).filter((field) => !field.endsWith('?') && !given.has(field));
  return [
    ...missing.map((field) => `${path}.${field} is missing`),
    ...[...given].flatMap(([field, each]) => {
      const known = fields[field] ?? fields[`${field}?`];
      return known === undefined ? [`${path}.${field} is unknown`] : problemsOf(each, known, `${path}.${field}`);
    }),
  ];
}

test('the manifest has only fields that Kubernetes knows, with values of their types', () => {
  const documents = readPlainYaml(blocks('yaml')[0] ?? '').map((document) => {
    const { apiVersion, kind } = Object.fromEntries(entriesOf(document));
    return { document, apiVersion: apiVersion as string, kind: kind as string };
  });
  expect(documents.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
    'v1 Service',
    'apps/v1 StatefulSet',
    'networking.k8s.io/v1 NetworkPolicy',
  ]);
  for (const { document, kind } of documents) expect(problemsOf(document, kind, kind)).toEqual([]);
  expect(problemsOf({ spec: { ports: [{ port: 'x', nam: 1 }] } }, 'Service', 'Service')).toEqual([
    'Service.spec.ports[0].port is string, not integer',
    'Service.spec.ports[0].nam is unknown',
  ]);
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
