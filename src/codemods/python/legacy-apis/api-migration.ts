/** A migration made of catalogue entries: finds their uses in Python and rewrites, refuses or reports each. */
import type { PythonEntry } from '../../../catalogue/catalogue-entry.js';
import type { WrittenApi } from '../../../catalogue/strategy-versions-table.js';
import type { Migration } from '../../migration.js';
import type { RefusalReason } from '../../refusal-reason.js';
import type { Change, Finding, TextEdit } from '../../result.js';
import type { PythonSource } from '../syntax/source.js';
import type { ApiGroup } from './groups.js';

import { PythonModule } from '../analysis/module.js';
import { withVersionWarnings } from '../requirements/version-findings.js';
import { childByField, type PyNode } from '../syntax/node.js';

import { fixGeneratorCall } from './generator-calls.js';
import { fixQualifiedName } from './qualified-names.js';
import { isModelMethod, isOptimizerValue, isStrategyMethod } from './receivers.js';

/** What becomes of one use. */
export type Outcome =
  { readonly edits: readonly TextEdit[] } | { readonly reason: RefusalReason } | 'report' | 'not-ours';

/** Builds the migration of a group. */
export function apiMigration({ info, entries }: ApiGroup): Migration<PythonSource> {
  return {
    ...info,
    plan(source, context) {
      if (info.hint?.({ text: source.text, code: () => source.code, absolutePath: context.absolutePath }) === false)
        return { changes: [], findings: [] };
      const module = new PythonModule(source);
      const changes: Change[] = [];
      const findings: Finding[] = [];
      for (const node of source.nodes) {
        for (const entry of entries) {
          const use = useOf(module, entry, node);
          if (use === undefined) continue;
          const outcome = outcomeOf(module, entry, use);
          if (outcome === 'not-ours') continue;
          const finding = findingOf(module, info.name, entry, use, outcome);
          if (typeof outcome === 'object' && 'edits' in outcome)
            changes.push({ findings: [finding], edits: outcome.edits, safety: 'safe' });
          else findings.push(finding);
        }
      }
      return {
        changes: withVersionWarnings(changes, source, context, (change) => apiWrittenBy(entries, change)),
        findings,
      };
    },
  };
}

/** What a change writes, when it is an API with known failures. */
function apiWrittenBy(entries: readonly PythonEntry[], { findings }: Change): WrittenApi | undefined {
  const entry = entries.find(({ id }) => id === findings[0]?.api);
  const fix = entry !== undefined && 'fix' in entry ? entry.fix : undefined;
  if (fix?.kind === 'rename-member')
    return entry?.match.by === 'receiver' && entry.match.type === 'strategy' && fix.to === 'run'
      ? 'Strategy.run'
      : undefined;
  return fix?.kind === 'rename-name' ? WRITTEN.get(fix.to) : undefined;
}

const WRITTEN: ReadonlyMap<string, WrittenApi> = new Map([
  ['tensorflow.distribute.MirroredStrategy', 'tf.distribute.MirroredStrategy'],
  ['tensorflow.distribute.MultiWorkerMirroredStrategy', 'tf.distribute.MultiWorkerMirroredStrategy'],
  ['tensorflow.distribute.TPUStrategy', 'tf.distribute.TPUStrategy'],
]);

/** The node that uses an entry's API, when `node` is one. */
function useOf(module: PythonModule, entry: PythonEntry, node: PyNode): PyNode | undefined {
  const { match } = entry;
  switch (match.by) {
    case 'qualified-name': {
      if (node.type !== 'identifier' && !(node.type === 'attribute' && endsLike(module, node, match.names)))
        return undefined;
      if (node.parent?.type === 'attribute' && node.field !== 'object') return undefined;
      if (node.parent?.type === 'dotted_name' || node.parent?.type === 'aliased_import') return undefined;
      const origins = module.origins.of(node);
      return origins.some((origin) =>
        match.names.includes(origin.replace(/^tensorflow\.compat\.v[12]\./, 'tensorflow.')),
      )
        ? node
        : undefined;
    }
    case 'receiver': {
      if (node.type !== 'attribute') return undefined;
      const name = childByField(node, 'attribute');
      return name !== undefined && match.members.includes(module.source.textOf(name)) ? node : undefined;
    }
    case 'keyword': {
      if (node.type !== 'keyword_argument') return undefined;
      const name = childByField(node, 'name');
      if (name === undefined || !match.keywords.includes(module.source.textOf(name))) return undefined;
      const call = node.parent?.parent;
      const callee = call?.type === 'call' ? childByField(call, 'function') : undefined;
      return callee !== undefined &&
        module.origins.of(callee).some((origin) => match.callees.some((pattern) => fits(origin, pattern)))
        ? node
        : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether an attribute is called like one of the names at its end, as its origins are then. */
function endsLike(module: PythonModule, node: PyNode, names: readonly string[]): boolean {
  const member = childByField(node, 'attribute');
  return member !== undefined && names.some((name) => name.endsWith(`.${module.source.textOf(member)}`));
}

function fits(origin: string, pattern: string): boolean {
  return pattern.endsWith('.*') ? origin.startsWith(pattern.slice(0, -1)) : origin === pattern;
}

function outcomeOf(module: PythonModule, entry: PythonEntry, use: PyNode): Outcome {
  if (entry.match.by === 'receiver' && !receiverFits(module, entry.match.type, use)) return 'not-ours';
  if (entry.fixClass === 'considered') return 'not-ours';
  const fix = 'fix' in entry ? entry.fix : undefined;
  if (entry.fixClass === 'report' || fix === undefined) return 'report';
  switch (fix.kind) {
    case 'rename-name':
      return fixQualifiedName(module, entry, use, fix.to);
    case 'rename-keyword': {
      const name = childByField(use, 'name');
      return name === undefined ? 'report' : { edits: [{ start: name.start, end: name.end, text: fix.to }] };
    }
    case 'rename-member': {
      const name = childByField(use, 'attribute');
      if (name === undefined) return 'report';
      const rename = { start: name.start, end: name.end, text: fix.to };
      if (entry.match.by === 'receiver' && entry.match.type === 'model') return fixGeneratorCall(module, use, rename);
      return { edits: [rename] };
    }
    default:
      return 'report';
  }
}

function receiverFits(module: PythonModule, type: 'strategy' | 'model' | 'optimizer', use: PyNode): boolean {
  switch (type) {
    case 'strategy':
      return isStrategyMethod(module, use);
    case 'model':
      return isModelMethod(module, use);
    case 'optimizer':
      return isOptimizerValue(module, use);
  }
}

function findingOf(
  module: PythonModule,
  migration: string,
  entry: PythonEntry,
  use: PyNode,
  outcome: Exclude<Outcome, 'not-ours'>,
): Finding {
  const { source } = module;
  const base = {
    migration,
    api: entry.id,
    message: entry.message,
    start: source.position(use.start),
    end: source.position(use.end),
  };
  if (outcome === 'report') return { ...base, disposition: 'report' };
  if ('reason' in outcome) return { ...base, disposition: 'refuse', reason: outcome.reason };
  return { ...base, disposition: 'rewrite' };
}
