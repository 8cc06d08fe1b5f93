/** Finds reasons to leave a wrap as it is in how the code uses its template and the wrapped model. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { PathUse } from '../analyze/access-path.js';
import type { TSESTree } from '@typescript-eslint/types';

import { MULTI_GPU_REFUSALS } from '../../refusal-messages-table.js';
import { type AccessPath, isSamePath, usesOf } from '../analyze/access-path.js';
import { areExclusive } from '../analyze/crossings.js';
import { functionAround } from '../analyze/statement-list.js';
import { STRUCTURE_MEMBERS, TRAINING_METHODS } from '../api-table.js';

/**
 * Checks the uses of a wrapped model.
 *
 * @param call - The wrap.
 * @param template - Where the model is stored before the wrap.
 * @param result - Where the wrapped model is stored.
 * @param source - The file.
 * @param names - Its names.
 * @returns Why the wrap cannot be removed; `undefined` if it can.
 */
export function useProblem(
  call: TSESTree.CallExpression,
  template: AccessPath | undefined,
  result: AccessPath | undefined,
  source: JavaScriptSource,
  names: Names,
): Refusal | undefined {
  if (template === undefined || result === undefined) return undefined;
  const isSame = isSamePath(template, result);
  const isAfter = ({ node }: PathUse): boolean => node.range[0] > call.range[1];
  const resultUses = usesOf(result, source, names).filter(
    (use) => !isSame || (isAfter(use) && functionAround(use.node) === functionAround(call)),
  );
  for (const { path, member } of resultUses) {
    if (member !== undefined && STRUCTURE_MEMBERS.has(member))
      return MULTI_GPU_REFUSALS.layersRead(`${path.text}.${member}`);
  }
  if (isSame || !resultUses.some(({ member }) => member === 'compile')) return undefined;
  const templateUses = usesOf(template, source, names).filter(({ node }) => !areExclusive(node, call));
  const compiles = templateUses.filter((use) => use.member === 'compile' && use.call !== undefined);
  const isTrainedAfter = templateUses.some(
    (use) => use.member !== undefined && TRAINING_METHODS.has(use.member) && isAfter(use),
  );
  return compiles.length > 0 && (isTrainedAfter || compiles.some(isAfter))
    ? MULTI_GPU_REFUSALS.compiledSeparately(template.text, result.text)
    : undefined;
}
