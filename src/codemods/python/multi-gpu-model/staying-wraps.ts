/** Tells what belongs to wraps that stay: code that an older Keras still has to run. Pure. */
import type { Finding, Plan } from '../../result.js';
import type { PythonSource } from '../syntax/source.js';

import { MESSAGES } from './plans/findings.js';

/** Whether a plan migrates a wrap, and does not only remove imports that nothing uses. */
export function migratesWrap({ changes }: Plan): boolean {
  return changes.some(({ findings }) => findings.some(({ message }) => message !== MESSAGES.unusedImport));
}

/** Whether a plan leaves a wrap as it is. */
export function leavesWrap({ findings }: Plan): boolean {
  return findings.some(({ disposition }) => disposition === 'refuse');
}

/**
 * Finds the wrap that stays to which a piece of code belongs: in a file where every wrap stays the first one, otherwise
 * one in the same function or class of the file, or with it outside all of them.
 *
 * @param source - The file.
 * @param plan - What happens to the wraps of the file.
 * @param offset - Where the code begins.
 * @returns The refused wrap; undefined when the code belongs to none.
 */
export function stayingWrapOf(source: PythonSource, plan: Plan, offset: number): Finding | undefined {
  const staying = plan.findings.filter(({ disposition }) => disposition === 'refuse');
  const definition = definitionAt(source, offset);
  return (
    staying.find(({ start }) => definitionAt(source, start.offset) === definition) ??
    (migratesWrap(plan) ? undefined : staying[0])
  );
}

/** The outermost function or class around a place; undefined outside all of them. */
function definitionAt({ root }: PythonSource, offset: number): unknown {
  return root.children.find(
    ({ type, start, end }) => /^(function|class|decorated)_definition$/.test(type) && start <= offset && offset < end,
  );
}
