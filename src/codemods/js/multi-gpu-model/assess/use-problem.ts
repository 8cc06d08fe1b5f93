/** Finds reasons to leave a wrap as it is in how the code uses its template and the wrapped model. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { PathUse } from '../analyze/access-path.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { HOLDS_LAYERS, RUNS_COMPILED } from '../../lifecycle/vocabulary-table.js';
import { MULTI_GPU_REFUSALS } from '../../refusal-messages-table.js';
import { type Node, outermostWithValue } from '../../syntax/syntax-tree.js';
import { type AccessPath, accessPathOf, isSamePath, usesOf } from '../analyze/access-path.js';
import { areExclusive } from '../analyze/crossings.js';
import { functionAround } from '../analyze/statement-list.js';
import { targetOf } from '../analyze/value-target.js';

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
  const isElsewhere = ({ node }: PathUse): boolean => functionAround(node) !== functionAround(call);
  // Nobody knows when another function runs.
  const mayBeAfter = (use: PathUse): boolean => use.node.range[0] > call.range[1] || isElsewhere(use);
  const usesOfAny = (path: AccessPath): PathUse[] =>
    [path, ...aliasesOf(path, source, names)].flatMap((each) => usesOf(each, source, names));
  const resultUses = usesOfAny(result).filter((use) => !isSame || (mayBeAfter(use) && !isElsewhere(use)));
  for (const { path, member, node } of resultUses) {
    if (member !== undefined && HOLDS_LAYERS.has(member))
      return MULTI_GPU_REFUSALS.layersRead(`${path.text}.${member}`).at(node);
  }
  const isBefore = ({ node }: PathUse): boolean => node.range[1] <= call.range[0];
  const templates = isSame
    ? aliasesOf(template, source, names, isBefore)
    : [template, ...aliasesOf(template, source, names)];
  const kept = resultUses.find(({ node }) => keepsTemplate(node, templates, names));
  if (kept !== undefined) return MULTI_GPU_REFUSALS.keepsTemplate(result.text, template.text).at(kept.node);
  if (!resultUses.some(({ member }) => member === 'compile')) return undefined;
  const templateUses = templates
    .filter((path) => !isSamePath(path, result))
    .flatMap((path) => usesOf(path, source, names))
    .filter(({ node }) => !areExclusive(node, call));
  const compiles = templateUses.filter((use) => use.member === 'compile' && use.call !== undefined);
  const isTrainedAfter = templateUses.some(
    (use) => use.member !== undefined && RUNS_COMPILED.has(use.member) && mayBeAfter(use),
  );
  const separate = compiles.find((use) => isTrainedAfter || mayBeAfter(use));
  return separate && MULTI_GPU_REFUSALS.compiledSeparately(separate.path.text, result.text).at(separate.node);
}

/** The members and variables that the code sets to a path: `this.template = model`. */
function aliasesOf(
  path: AccessPath,
  source: JavaScriptSource,
  names: Names,
  isWanted: (use: PathUse) => boolean = () => true,
): AccessPath[] {
  const uses = usesOf(path, source, names).filter(isWanted);
  return uses.flatMap(({ node, isWrite }) => {
    const { parent } = outermostWithValue(node);
    const isCopied =
      !isWrite &&
      ((parent?.type === AST_NODE_TYPES.AssignmentExpression && parent.left !== node) ||
        parent?.type === AST_NODE_TYPES.VariableDeclarator);
    const alias = isCopied ? targetOf(node, names)?.path : undefined;
    return alias === undefined || isSamePath(alias, path) ? [] : [alias];
  });
}

/** `parallel.template = model`: without the wrap, the model would be an attribute of itself. */
function keepsTemplate(node: Node, templates: readonly AccessPath[], names: Names): boolean {
  const access = node.parent;
  const assignment = access?.parent;
  if (access?.type !== AST_NODE_TYPES.MemberExpression || assignment?.type !== AST_NODE_TYPES.AssignmentExpression)
    return false;
  const value = accessPathOf(assignment.right, names);
  return (
    access.object === node &&
    assignment.left === access &&
    value !== undefined &&
    templates.some((each) => isSamePath(each, value))
  );
}
