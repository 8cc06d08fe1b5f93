/**
 * Plans a model that one method of a class builds into an attribute, and another method wraps: the scope goes around
 * the assignment of the attribute, and the strategy becomes an attribute as well. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { ModelUses } from '../checks/layer-uses.js';
import type { GroupContext, Wrap } from '../model/wrap-group.js';
import type { GroupPlan } from './plan-group.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import {
  assignmentOf,
  commonBlock,
  enclosingFunction,
  isBlock,
  ownsItsLines,
  statementOf,
} from '../../analysis/statements.js';
import { sameVariable, type Variable, variableOf } from '../../analysis/variables.js';
import { LineEditor } from '../../edit/line-editor.js';
import { COMPILES } from '../../lifecycle/vocabulary-table.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { closest, contains, descendants, type PyNode } from '../../syntax/node.js';
import { checkAlwaysWrapped, checkKnownAtBuild, checkSubclasses } from '../checks/attribute-order.js';
import { checkAttributeUses } from '../checks/model-uses.js';
import { attributeParts } from '../model/attribute-parts.js';
import { buildSlice, partsUsed } from '../model/build-slice.js';
import { attributeWrites, methodsOf } from '../model/class-members.js';
import { compileSlice } from '../model/compile-slice.js';
import { type FlatStatement, flattenDeviceScopes, isDeviceBody } from '../model/flatten-device-scopes.js';
import { methodCalls, trains } from '../model/method-calls.js';
import { branchConditionsTo } from '../strategy/conditions.js';
import { tensorFlowName } from '../strategy/names.js';
import { assignmentLines, choiceOf } from '../strategy/strategy-choice.js';
import { firstLineOf, placeScopes } from '../write/place-scopes.js';
import { removeFromBranch } from '../write/remove-from-branch.js';
import { replaceByAlias } from '../write/replace-by-alias.js';

/** The two attributes, and the methods that build and wrap them. */
interface AttributeWrap {
  readonly wrap: Wrap;
  readonly template: Variable;
  readonly parallel: Variable;
  /** The class. */
  readonly owner: PyNode;
  /** The method that builds the original model. */
  readonly builder: PyNode;
  /** The statements of that method that assign it. */
  readonly definitions: readonly PyNode[];
}

/** The plan, or undefined when the class does not build the attribute in one other method. */
export function planAttribute(
  module: PythonModule,
  wrap: Wrap,
  { removedImports, subclassesOf }: GroupContext,
): GroupPlan | Refusal | undefined {
  const attribute = readAttributeWrap(module, wrap);
  if (attribute === undefined) return undefined;
  const { template, parallel, owner, builder } = attribute;
  if (!ownsItsLines(module.source, wrap.site.statement)) return REFUSALS.sharedLine;
  const isSeparate = !sameVariable(template, parallel);
  const wrapper = enclosingFunction(wrap.site.call) ?? owner;
  const order =
    checkSubclasses(module, owner, template.text, builder, subclassesOf(owner)) ??
    checkAlwaysWrapped(module, wrapper, owner, compilesOriginal(module, attribute, wrapper));
  if (order !== undefined) return order;
  const uses: ModelUses | Refusal = isSeparate ? checkAttributeUses(module, wrap) : { edits: [], weightFiles: [] };
  if (isRefusal(uses)) return uses;

  const editor = new LineEditor(module.source);
  const strategy = freeAttribute(module, owner);
  const built = planBuilder(module, editor, attribute, strategy);
  if (built === undefined || isRefusal(built)) return built;
  for (const method of methodsOf(owner)) {
    if (method === builder) continue;
    for (const text of new Set([template.text, parallel.text])) {
      const refusal = placeCompilesIn(module, editor, method, text, strategy);
      if (refusal !== undefined) return refusal;
    }
  }
  if (isSeparate) replaceByAlias(module, editor, wrap);
  else removeFromBranch(module, editor, wrap.site.statement);
  for (const edit of uses.edits) editor.replace(edit.start, edit.end, edit.text);
  for (const statement of removedImports) if (contains(owner, statement)) editor.deleteStatement(statement);
  return {
    edits: editor.edits(),
    needsTensorFlow: built.needsTensorFlow,
    strategy: undefined,
    weightFiles: uses.weightFiles,
  };
}

function readAttributeWrap(module: PythonModule, wrap: Wrap): AttributeWrap | undefined {
  const { site, template, parallel } = wrap;
  if (template === undefined || parallel?.text.startsWith('self.') !== true || site.conditional !== undefined)
    return undefined;
  const owner = closest(site.call, (node) => node.type === 'class_definition');
  if (owner === undefined || !template.text.startsWith('self.')) return undefined;
  const definitions = attributeWrites(module, template.text, owner).filter((statement) => statement !== site.statement);
  const methods = new Set(definitions.map((statement) => enclosingFunction(statement)));
  const [builder] = methods;
  if (methods.size !== 1 || builder === undefined || builder === enclosingFunction(site.call)) return undefined;
  const areCalls = definitions.every((statement) =>
    /\(/.test(module.source.textOf(assignmentOf(statement)?.right ?? statement)),
  );
  return areCalls ? { wrap, template, parallel, owner, builder, definitions } : undefined;
}

/** Whether some method compiles the original model, or none compiles the multi-GPU model. */
function compilesOriginal(
  module: PythonModule,
  { template, parallel, owner }: AttributeWrap,
  wrapper: PyNode,
): boolean {
  const compiles = (variable: Variable, within: PyNode): number =>
    methodsOf(within)
      .concat(within)
      .reduce((sum, method) => sum + compileCallsIn(module, variable.text, method).length, 0);
  return sameVariable(template, parallel)
    ? compiles(template, owner) !== compiles(template, wrapper) || compiles(template, wrapper) === 0
    : compiles(template, owner) > 0 || compiles(parallel, owner) === 0;
}

/** Creates the strategy in the method that builds the model, and puts the building into its scope. */
function planBuilder(
  module: PythonModule,
  editor: LineEditor,
  attribute: AttributeWrap,
  strategy: string,
): { readonly needsTensorFlow: boolean } | Refusal | undefined {
  const { template } = attribute;
  const scopeStatements = builderStatements(module, attribute);
  if (scopeStatements === undefined || isRefusal(scopeStatements)) return scopeStatements;
  const block = commonBlock(scopeStatements, (node) => isBlock(node) && !isDeviceBody(module, node));
  if (block === undefined) return undefined;
  const isInScope = (statement: PyNode): boolean => scopeStatements.some((node) => contains(statement, node));
  const statements = flattenDeviceScopes(module, block, isInScope);
  const first = statements.find(({ node }) => isInScope(node));
  if (first === undefined || statements.some(({ devices }) => devices.length > 0)) return undefined;
  const needsTensorFlow = insertStrategy(module, editor, attribute, block, first, strategy);
  if (isRefusal(needsTensorFlow)) return needsTensorFlow;
  const refusal = placeScopes(module, editor, statements, {
    mustBeInside: isInScope,
    mustBeOutside: (statement) => trains(module, [template], statement),
    isAboutModel: () => false,
    removesDevice: isInScope,
    scope: `${strategy}.scope()`,
  });
  return refusal ?? { needsTensorFlow };
}

/** The statements of the building method that have to run inside the scope. */
function builderStatements(
  module: PythonModule,
  { definitions, template, parallel, builder }: AttributeWrap,
): PyNode[] | Refusal | undefined {
  const found = new Set<PyNode>(definitions);
  for (const definition of definitions) {
    const left = assignmentOf(definition)?.left;
    const variable = left === undefined ? undefined : variableOf(module, left);
    if (variable === undefined) return undefined;
    const building = [
      definition,
      ...partsUsed(module, definition).flatMap((part) => buildSlice(module, part.variable, definition).statements),
    ];
    for (const statement of building) {
      const parts = attributeParts(module, statement, variable);
      if (isRefusal(parts)) return parts;
      for (const inner of [statement, ...parts]) found.add(inner);
    }
  }
  for (const text of new Set([template.text, parallel.text])) {
    const compiling = compilesIn(module, text, builder);
    if (isRefusal(compiling)) return compiling;
    for (const statement of compiling) found.add(statement);
  }
  return [...found];
}

/** Inserts the strategy above the first statement that builds; returns whether the file has to import TensorFlow. */
function insertStrategy(
  module: PythonModule,
  editor: LineEditor,
  { wrap, owner, builder }: AttributeWrap,
  block: PyNode,
  first: FlatStatement,
  strategy: string,
): boolean | Refusal {
  const { site } = wrap;
  const tensorflow = tensorFlowName(module, first.node);
  if (isRefusal(tensorflow)) return tensorflow;
  const body = enclosingFunction(site.call)?.children.find((child) => child.type === 'block') ?? block;
  const conditions = branchConditionsTo(site, body);
  if (isRefusal(conditions)) return conditions;
  for (const expression of [site.gpus, ...conditions.nodes]) {
    const refusal =
      expression === undefined ? undefined : checkKnownAtBuild(module, expression, builder, first.node, owner);
    if (refusal !== undefined) return refusal;
  }
  const choice = choiceOf(module, tensorflow.name, site, conditions);
  const line = firstLineOf(module, first);
  for (const text of assignmentLines(module.source, line, strategy, choice)) editor.insertBefore(line, text);
  return tensorflow.missing;
}

/** The statements of a method that compile an attribute, with those that create what `compile` takes. */
function compilesIn(module: PythonModule, text: string, method: PyNode): PyNode[] | Refusal {
  const found: PyNode[] = [];
  for (const call of compileCallsIn(module, text, method)) {
    const creating = compileSlice(module, call);
    if (isRefusal(creating)) return creating;
    found.push(statementOf(call), ...creating);
  }
  return found;
}

function compileCallsIn(module: PythonModule, text: string, method: PyNode): PyNode[] {
  const variable = variableIn(module, text, method);
  return variable === undefined ? [] : methodCalls(module, [variable], method, COMPILES);
}

function variableIn(module: PythonModule, text: string, method: PyNode): Variable | undefined {
  for (const node of descendants(method)) {
    if (node.type === 'attribute' && module.source.textOf(node) === text) return variableOf(module, node);
  }
  return undefined;
}

/** Moves the `compile` calls of another method into the scope. */
function placeCompilesIn(
  module: PythonModule,
  editor: LineEditor,
  method: PyNode,
  text: string,
  strategy: string,
): Refusal | undefined {
  const compiling = compilesIn(module, text, method);
  if (isRefusal(compiling)) return compiling;
  const variable = variableIn(module, text, method);
  const block = compiling.length === 0 ? undefined : commonBlock(compiling, isBlock);
  if (block === undefined || variable === undefined) return undefined;
  const statements = flattenDeviceScopes(module, block, () => false);
  return placeScopes(module, editor, statements, {
    mustBeInside: (statement) => compiling.some((node) => contains(statement, node)),
    mustBeOutside: (statement) => trains(module, [variable], statement),
    isAboutModel: () => false,
    removesDevice: () => false,
    scope: `${strategy}.scope()`,
  });
}

function freeAttribute(module: PythonModule, owner: PyNode): string {
  return module.source.textOf(owner).includes('self.strategy') ? 'self.mirrored_strategy' : 'self.strategy';
}
