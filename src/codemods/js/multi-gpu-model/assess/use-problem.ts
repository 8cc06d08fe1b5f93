/** Reasons to leave a wrap alone that lie in how its model is used elsewhere. Pure. */
import type { Names } from '../../syntax/names.js';
import type { JavaScriptSource } from '../../syntax/parse.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { RefusalReason } from '../../../refusal-reason.js';
import { memberName, type Node, unwrap, walk } from '../../syntax/syntax-tree.js';
import { isSamePlace, type Place, type PlaceUse, usesOf } from '../analyze/access-path.js';
import { functionAround, isFunction } from '../analyze/statement-list.js';
import { areExclusive } from '../analyze/value-target.js';
import { STRUCTURE_MEMBERS } from '../api-table.js';
import { type Refusal, refuse } from '../refusal.js';

const TRAINING_METHODS: ReadonlySet<string> = new Set([
  'fit',
  'fitDataset',
  'trainOnBatch',
  'evaluate',
  'evaluateDataset',
]);

/** Whether a node lies in a function that is handed to the `scope` of a strategy. */
export function isInStrategyScope(node: Node, source: JavaScriptSource, names: Names): boolean {
  for (let current = functionAround(node); current.parent !== undefined; current = functionAround(current)) {
    const call = current.parent;
    if (!isFunction(current) || call.type !== AST_NODE_TYPES.CallExpression || call.arguments[0] !== current) continue;
    if (call.callee.type !== AST_NODE_TYPES.MemberExpression || memberName(call.callee) !== 'scope') continue;
    if (isStrategy(call.callee.object, source, names)) return true;
  }
  return false;
}

/** Whether a strategy is made by an expression, or by the initializer of the variable that it names. */
function isStrategy(expression: Node, source: JavaScriptSource, names: Names): boolean {
  const inner = unwrap(expression);
  const definition = inner.type === AST_NODE_TYPES.Identifier ? names.variableOf(inner)?.defs[0] : undefined;
  const made = definition === undefined ? inner : (definition.node as TSESTree.VariableDeclarator).init;
  if (made === null || made === undefined) return false;
  let found = false;
  walk(made, source.visitorKeys, (node) => {
    if (node.type !== AST_NODE_TYPES.NewExpression && node.type !== AST_NODE_TYPES.CallExpression) return;
    const name =
      node.callee.type === AST_NODE_TYPES.MemberExpression
        ? memberName(node.callee)
        : node.callee.type === AST_NODE_TYPES.Identifier
          ? node.callee.name
          : '';
    if (/^(?:MirroredStrategy|MultiWorkerMirroredStrategy|OneDeviceStrategy|getStrategy)$/.test(name ?? ''))
      found = true;
  });
  return found;
}

/** @param template where the model is kept before the wrap; @param result where the wrapped model is kept */
export function useProblem(
  call: TSESTree.CallExpression,
  template: Place | undefined,
  result: Place | undefined,
  source: JavaScriptSource,
  names: Names,
): Refusal | undefined {
  const isSame = template !== undefined && result !== undefined && isSamePlace(template, result);
  const isAfter = ({ node }: PlaceUse): boolean => node.range[0] > call.range[1];
  const uses = result === undefined ? [] : usesOf(result, source, names);
  const ofResult = isSame
    ? uses.filter((use) => isAfter(use) && functionAround(use.node) === functionAround(call))
    : uses;
  const structural =
    template === undefined
      ? undefined
      : ofResult.find(({ member }) => member !== undefined && STRUCTURE_MEMBERS.has(member));
  if (structural !== undefined) {
    return refuse(
      RefusalReason.MeaningChanged,
      `${structural.place.text}.${structural.member} is read, and the wrapped model held its template as one layer`,
    );
  }
  if (template === undefined || result === undefined || isSame) return undefined;
  const together = usesOf(template, source, names).filter(({ node }) => !areExclusive(node, call));
  const compiled = together.filter(({ member, call: compile }) => member === 'compile' && compile !== undefined);
  const trainedAfter = together.some(
    (use) => use.member !== undefined && TRAINING_METHODS.has(use.member) && isAfter(use),
  );
  const resultCompiled = ofResult.some(({ member }) => member === 'compile');
  if (resultCompiled && compiled.length > 0 && (trainedAfter || compiled.some(isAfter))) {
    return refuse(
      RefusalReason.TemplateUsedSeparately,
      `${template.text} and ${result.text} are compiled each on its own`,
    );
  }
  return undefined;
}
