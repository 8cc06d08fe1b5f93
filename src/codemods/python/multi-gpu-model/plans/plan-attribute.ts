/**
 * A model that one method of a class builds into an attribute and another wraps: the scope goes round the
 * assignment of the attribute, the strategy becomes an attribute as well.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { GroupPlan } from './plan-group.js';

import { RefusalReason } from '../../../refusal-reason.js';
import {
  assignmentOf,
  branchesOf,
  enclosingFunction,
  isBlock,
  ownsItsLines,
  statementOf,
  statementsOf,
} from '../../analysis/statements.js';
import { sameVariable, type Variable, variableOf } from '../../analysis/variables.js';
import { LineEditor } from '../../edit/line-editor.js';
import { closest, contains, descendants, type PyNode } from '../../syntax/node.js';
import {
  attributeWrites,
  checkAlwaysWrapped,
  checkKnownAtBuild,
  checkSubclasses,
  methodsOf,
} from '../checks/attribute-order.js';
import { checkAttributeUses } from '../checks/model-uses.js';
import { deviceOf, flatten } from '../model/flatten.js';
import { attributeParts } from '../model/group-analysis.js';
import { buildSlice, compileSlice, methodCalls, partsUsed, trains } from '../model/model-slice.js';
import { commonBlock, type GroupEnvironment, type GroupMember } from '../model/wrap-group.js';
import { Refusal } from '../refusal.js';
import { tensorFlowName } from '../strategy/names.js';
import { assignmentLines, conditionsTo, valueFor } from '../strategy/strategy-expression.js';
import { firstLineOf, placeScopes } from '../write/place-scopes.js';
import { tidyIf } from '../write/tidy-if.js';

import { removeFromBranch } from './plan-removal.js';

/** The plan, or undefined when the class does not build the attribute in one method. */
export function planAttribute(
  module: PythonModule,
  member: GroupMember,
  { vanishing, subclassesOf }: GroupEnvironment,
): GroupPlan | undefined {
  const { site, template, parallel } = member;
  if (template === undefined || parallel?.text.startsWith('self.') !== true || site.conditional !== undefined)
    return undefined;
  const owner = closest(site.call, (node) => node.type === 'class_definition');
  if (owner === undefined || !template.text.startsWith('self.')) return undefined;
  const definitions = attributeWrites(module, template.text, owner).filter((statement) => statement !== site.statement);
  const methods = new Set(definitions.map((statement) => enclosingFunction(statement)));
  const [builder] = methods;
  if (methods.size !== 1 || builder === undefined || builder === enclosingFunction(site.call)) return undefined;
  if (definitions.some((statement) => !/\(/.test(module.source.textOf(assignmentOf(statement)?.right ?? statement))))
    return undefined;
  if (!ownsItsLines(module.source, site.statement))
    throw new Refusal(RefusalReason.SharedLine, 'several statements share a line here');

  const wrapper = enclosingFunction(site.call) ?? owner;
  const separate = !sameVariable(template, parallel);
  const compiles = (variable: Variable, within: PyNode): number =>
    methodsOf(within)
      .concat(within)
      .reduce((sum, method) => sum + compileCallsIn(module, variable.text, method).length, 0);
  const compiledUnwrapped = separate
    ? compiles(template, owner) > 0 || compiles(parallel, owner) === 0
    : compiles(template, owner) !== compiles(template, wrapper) || compiles(template, wrapper) === 0;
  checkSubclasses(module, owner, template.text, builder, subclassesOf(owner));
  checkAlwaysWrapped(module, wrapper, owner, compiledUnwrapped);
  const uses = separate ? checkAttributeUses(module, member) : { edits: [], weightFiles: [] };

  const strategy = freeAttribute(module, owner);
  const editor = new LineEditor(module.source);
  const inside = new Set<PyNode>(definitions);
  for (const definition of definitions) {
    const left = assignmentOf(definition)?.left;
    const variable = left === undefined ? undefined : variableOf(module, left);
    if (variable === undefined) return undefined;
    const built = [
      definition,
      ...partsUsed(module, definition).flatMap((part) => buildSlice(module, part.variable, definition).statements),
    ];
    for (const statement of built) {
      inside.add(statement);
      for (const part of attributeParts(module, statement, variable)) for (const inner of part) inside.add(inner);
    }
  }
  for (const text of new Set([template.text, parallel.text]))
    for (const statement of compilesIn(module, text, builder)) inside.add(statement);
  const block = commonBlock(
    [...inside],
    (node) => isBlock(node) && (node.parent === undefined || deviceOf(module, node.parent) === undefined),
  );
  if (block === undefined) return undefined;
  const dissolves = (statement: PyNode): boolean => [...inside].some((node) => contains(statement, node));
  const statements = flatten(module, block, dissolves);
  if (statements.some(({ devices }) => devices.length > 0)) return undefined;
  const first = statements.find(({ node }) => dissolves(node));
  if (first === undefined) return undefined;

  const tensorflow = tensorFlowName(module, first.node);
  const conditions = conditionsTo(
    site,
    enclosingFunction(site.call)?.children.find((child) => child.type === 'block') ?? block,
  );
  for (const expression of [site.gpus, ...conditions.nodes])
    if (expression !== undefined) checkKnownAtBuild(module, expression, builder, first.node, owner);
  const choice = valueFor(module, tensorflow.name, site, conditions);
  const line = firstLineOf(module, first);
  for (const text of assignmentLines(module.source, line, strategy, choice)) editor.insertBefore(line, text);
  placeScopes(module, editor, statements, {
    inside: dissolves,
    outside: (statement) => trains(module, [template], statement),
    concerns: () => false,
    dissolves,
    scope: `${strategy}.scope()`,
  });
  for (const method of methodsOf(owner)) {
    if (method === builder) continue;
    for (const text of new Set([template.text, parallel.text])) placeCompiles(module, editor, method, text, strategy);
  }
  if (separate) unwrap(module, editor, member);
  else removeFromBranch(module, editor, site.statement);
  for (const edit of uses.edits) editor.replace(edit.start, edit.end, edit.text);
  for (const statement of vanishing) if (contains(owner, statement)) editor.deleteStatement(statement);
  return {
    edits: editor.edits(),
    needsTensorFlow: tensorflow.missing,
    strategy: undefined,
    weightFiles: uses.weightFiles,
  };
}

/** `self.parallel = wrap(self.model)` becomes an alias; a branch whose other arm says the same goes. */
function unwrap(module: PythonModule, editor: LineEditor, { site, template }: GroupMember): void {
  const text = template?.text ?? '';
  editor.replace(site.call.start, site.call.end, text);
  const branch = closest(site.statement, (node) => node.type === 'if_statement');
  const [first, second, ...more] = branch === undefined ? [] : branchesOf(branch);
  if (branch === undefined || first === undefined || second?.clause.type !== 'else_clause' || more.length > 0) return;
  const kept = [first, second].map(({ block }) => statementsOf(block));
  if (kept.some((statements) => statements.length !== 1)) return;
  const normalise = (statement: PyNode): string => {
    const own = module.source.textOf(statement);
    return statement === site.statement ? own.replace(module.source.textOf(site.call), text) : own;
  };
  const arm = ({ clause, block }: typeof first): Parameters<typeof tidyIf>[3][0] => ({
    clause,
    block,
    kept: statementsOf(block).map((node) => ({ node, devices: [] })),
  });
  tidyIf(
    module,
    editor,
    branch,
    [arm(first), arm(second)],
    ({ node }) => normalise(node),
    () => false,
  );
}

/** The statements of a method that compile the attribute, with what they construct. */
function compilesIn(module: PythonModule, text: string, method: PyNode): PyNode[] {
  const found: PyNode[] = [];
  for (const call of compileCallsIn(module, text, method)) found.push(statementOf(call), ...compileSlice(module, call));
  return found;
}

function compileCallsIn(module: PythonModule, text: string, method: PyNode): PyNode[] {
  const variable = variableIn(module, text, method);
  return variable === undefined ? [] : methodCalls(module, [variable], method, new Set(['compile']));
}

function variableIn(module: PythonModule, text: string, method: PyNode): Variable | undefined {
  for (const node of descendants(method)) {
    if (node.type === 'attribute' && module.source.textOf(node) === text) return variableOf(module, node);
  }
  return undefined;
}

function placeCompiles(module: PythonModule, editor: LineEditor, method: PyNode, text: string, strategy: string): void {
  const inside = compilesIn(module, text, method);
  const variable = variableIn(module, text, method);
  const block = inside.length === 0 ? undefined : commonBlock(inside, isBlock);
  if (block === undefined || variable === undefined) return;
  placeScopes(
    module,
    editor,
    flatten(module, block, () => false),
    {
      inside: (statement) => inside.some((node) => contains(statement, node)),
      outside: (statement) => trains(module, [variable], statement),
      concerns: () => false,
      dissolves: () => false,
      scope: `${strategy}.scope()`,
    },
  );
}

function freeAttribute(module: PythonModule, owner: PyNode): string {
  const text = module.source.textOf(owner);
  return text.includes('self.strategy') ? 'self.mirrored_strategy' : 'self.strategy';
}
