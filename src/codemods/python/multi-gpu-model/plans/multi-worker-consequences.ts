/** What changes for the user when the strategy spans several processes. Pure. */
import type { Change, Finding, TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { WrapSite } from '../find/wrap-site.js';

import { startBeforeStrategy } from '../checks/starts-before-strategy.js';

import { findingAt, MESSAGES } from './findings.js';

/** A call that asked for GPUs. */
type WrapCall = Pick<WrapSite, 'call' | 'gpus'>;

/** The reports about wraps whose edits create a `MultiWorkerMirroredStrategy`. */
export function multiWorkerConsequences(
  module: PythonModule,
  sites: readonly WrapCall[],
  edits: readonly TextEdit[],
): Finding[] {
  const text = edits.map((edit) => edit.text).join('\n');
  const [first] = sites;
  if (first === undefined || !text.includes('.MultiWorkerMirroredStrategy(')) return [];
  const report = (site: WrapCall, message: string): Finding => findingAt(module, site.call, 'report', message);
  const isConditional = /\.MultiWorkerMirroredStrategy\(\)\s+if\b/.test(text);
  return [
    report(first, MESSAGES.cluster),
    ...(isConditional ? [report(first, MESSAGES.strategyUnderCondition)] : []),
    ...sites.filter(({ gpus }) => gpus !== undefined).map((site) => report(site, MESSAGES.gpusDropped)),
  ];
}

/**
 * Adds a report when something starts TensorFlow before the strategy.
 *
 * @param changes - The changes of a file.
 * @param migrated - The file after them.
 * @returns The changes; the report is at the first finding.
 */
export function withStartReport(changes: readonly Change[], migrated: PythonModule): readonly Change[] {
  const [first] = changes.filter(({ edits }) =>
    edits.some(({ text }) => text.includes('.MultiWorkerMirroredStrategy(')),
  );
  const finding = first?.findings[0];
  const callee = first === undefined ? undefined : startBeforeStrategy(migrated);
  if (first === undefined || finding === undefined || callee === undefined) return changes;
  const { migration, api, start, end } = finding;
  const message = MESSAGES.startsEarlier(callee);
  const report: Finding = { migration, api, message, disposition: 'report', start, end };
  const reported = { ...first, consequences: [...(first.consequences ?? []), report] };
  return changes.map((change) => (change === first ? reported : change));
}
