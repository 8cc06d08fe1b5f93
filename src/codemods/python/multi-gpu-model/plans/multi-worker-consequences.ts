/** What changes for the user when the strategy spans several processes. Pure. */
import type { Change, Finding, TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { WrapSite } from '../find/wrap-site.js';

import { startBeforeStrategy } from '../checks/starts-before-strategy.js';

import { findingAt, MESSAGES } from './findings.js';

/** The warnings about wraps whose edits create a `MultiWorkerMirroredStrategy`. */
export function multiWorkerConsequences(
  module: PythonModule,
  sites: readonly WrapSite[],
  edits: readonly TextEdit[],
): Finding[] {
  const text = edits.map((edit) => edit.text).join('\n');
  const [first] = sites;
  if (first === undefined || !text.includes('.MultiWorkerMirroredStrategy(')) return [];
  const warn = (site: WrapSite, message: string): Finding => findingAt(module, site.call, 'warn', message);
  const isConditional = /\.MultiWorkerMirroredStrategy\(\)\s+if\b/.test(text);
  return [
    warn(first, MESSAGES.cluster),
    ...(isConditional ? [warn(first, MESSAGES.strategyUnderCondition)] : []),
    ...sites.filter(({ gpus }) => gpus !== undefined).map((site) => warn(site, MESSAGES.gpusDropped)),
  ];
}

/**
 * Adds a warning when something starts TensorFlow before the strategy.
 *
 * @param changes - The changes of a file.
 * @param migrated - The file after them.
 * @returns The changes; the warning is at the first finding.
 */
export function withStartWarning(changes: readonly Change[], migrated: PythonModule): readonly Change[] {
  const [first] = changes.filter(({ edits }) =>
    edits.some(({ text }) => text.includes('.MultiWorkerMirroredStrategy(')),
  );
  const finding = first?.findings[0];
  const callee = first === undefined ? undefined : startBeforeStrategy(migrated);
  if (first === undefined || finding === undefined || callee === undefined) return changes;
  const { migration, api, start, end } = finding;
  const message = MESSAGES.startsEarlier(callee);
  const warning: Finding = { migration, api, message, disposition: 'warn', start, end };
  const warned = { ...first, consequences: [...(first.consequences ?? []), warning] };
  return changes.map((change) => (change === first ? warned : change));
}
