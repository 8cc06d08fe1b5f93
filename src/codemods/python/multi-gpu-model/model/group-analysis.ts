/**
 * Finds out about the wraps of one function what has to be known before anything is moved: which statements
 * build and compile the models, and in which block all of it happens.
 *
 * @throws Refusal where the code cannot be understood well enough.
 */
import type { PythonModule } from '../../analysis/module.js';

import { RefusalReason } from '../../../refusal-reason.js';
import {
  assignmentOf,
  enclosingFunction,
  isBlock,
  isDefinition,
  isLoop,
  statementOf,
} from '../../analysis/statements.js';
import {
  definitionsReaching,
  isVariable,
  isWrite,
  mentionsOf,
  reachingDefinitions,
  sameVariable,
  type Variable,
  variableOf,
} from '../../analysis/variables.js';
import { childByField, closest, contains, descendants, namedChildren, type PyNode } from '../../syntax/node.js';
import { Refusal } from '../refusal.js';

import { deviceOf, strategyScopeOf } from './flatten.js';
import { buildSlice, compileSlice, makesModelPart, methodCalls, partsUsed } from './model-slice.js';
import { commonBlock, type GroupMember } from './wrap-group.js';

/** What is known about a group of wraps. */
export interface GroupAnalysis {
  readonly members: readonly GroupMember[];
  /** The block whose statements are arranged anew. */
  readonly block: PyNode;
  /** Statements that have to run inside the scope. */
  readonly inside: ReadonlySet<PyNode>;
  /** All names of the models: templates and wrapped ones. */
  readonly models: readonly Variable[];
  /** What else the scope builds: parts of the models, models of the same layers, and what comes out of a call together with a model. */
  readonly relatives: readonly Variable[];
  readonly compileCalls: readonly PyNode[];
  /** `parallel = template` statements, which say nothing once the two are one. */
  readonly aliases: readonly PyNode[];
}

/** @param builtByCallers Whether a model that comes in as a parameter is built in the scope by whoever calls. */
export function analyseGroup(
  module: PythonModule,
  members: readonly GroupMember[],
  builtByCallers = false,
): GroupAnalysis {
  const inside = new Set<PyNode>();
  const anchors = new Set<PyNode>();
  const models: Variable[] = [];
  const aliases: PyNode[] = [];
  const addModel = (variable: Variable | undefined): void => {
    if (variable !== undefined && !models.some((model) => sameVariable(model, variable))) models.push(variable);
  };
  for (const member of members) {
    const { site, template, parallel } = member;
    if (closest(site.call, (node) => strategyScopeOf(module, node) !== undefined) !== undefined) {
      throw new Refusal(RefusalReason.AlreadyInScope, 'the model is wrapped inside the scope of a strategy');
    }
    anchors.add(site.statement);
    addModel(template);
    addModel(parallel);
    collectBuild(module, member, inside, builtByCallers);
    if (template !== undefined && parallel !== undefined) {
      const own = aliasesOf(module, parallel, template, site.statement);
      aliases.push(...own);
      for (const alias of own)
        for (const statement of buildSlice(module, template, alias).statements) inside.add(statement);
    }
  }
  for (const statement of inside) anchors.add(statement);
  for (const alias of aliases) anchors.add(alias);
  for (const statement of otherWrites(module, members)) {
    anchors.add(statement);
    inside.add(statement);
    for (const used of partsUsed(module, statement))
      for (const part of buildSlice(module, used.variable, statement).statements) inside.add(part);
  }
  const scopeNode = functionBody(module, members[0]?.site.statement);
  const first = Math.min(...[...anchors].map((anchor) => anchor.start));
  const end = Math.min(
    ...members.map(({ site, parallel, template }) =>
      rebuiltAfter(module, parallel ?? template, site.statement, scopeNode, aliases),
    ),
  );
  const derived = derivedModels(module, members, models, scopeNode, first, end);
  for (const statement of derived.statements) {
    inside.add(statement);
    anchors.add(statement);
  }
  const relatives = assignedBy(module, inside, scopeNode).filter(
    (variable) => !models.some((model) => sameVariable(model, variable)),
  );
  const compileCalls = methodCalls(module, [...models, ...relatives], scopeNode, new Set(['compile'])).filter(
    (call) =>
      call.start > first &&
      call.start < end &&
      functionBody(module, call) === scopeNode &&
      !isAnother(module, call, relatives, inside),
  );
  for (const call of compileCalls) {
    anchors.add(statementOf(call));
    inside.add(statementOf(call));
    for (const statement of compileSlice(module, call)) {
      inside.add(statement);
      anchors.add(statement);
    }
  }
  const block = commonBlock([...anchors], (node) => isBlock(node) && !isDeviceBody(module, node));
  if (block === undefined)
    throw new Refusal(RefusalReason.ModelNotInView, 'the statements that build the model are not in one block');
  return { members, block, inside, models, relatives, compileCalls, aliases };
}

/** The variables that statements assign in their own function. */
function assignedBy(module: PythonModule, statements: Iterable<PyNode>, body: PyNode): Variable[] {
  const found: Variable[] = [];
  for (const statement of statements) {
    for (const inner of assignmentsIn({ children: [statement] })) {
      const left = assignmentOf(inner)?.left;
      const targets =
        left === undefined
          ? []
          : /^(pattern_list|tuple_pattern|list_pattern)$/.test(left.type)
            ? namedChildren(left)
            : [left];
      for (const target of targets) {
        const variable = variableOf(module, target);
        if (
          variable !== undefined &&
          functionBody(module, inner) === body &&
          !found.some((known) => sameVariable(known, variable))
        )
          found.push(variable);
      }
    }
  }
  return found;
}

/** Whether the name of a part was given something else before a call: `x` is a tensor here and a model of its own there. */
function isAnother(
  module: PythonModule,
  call: PyNode,
  relatives: readonly Variable[],
  inside: ReadonlySet<PyNode>,
): boolean {
  const object = childByField(childByField(call, 'function') ?? call, 'object');
  const variable = relatives.find((relative) => object !== undefined && isVariable(module, object, relative));
  return (
    variable !== undefined && !reachingDefinitions(module, variable, call).some((definition) => inside.has(definition))
  );
}

/** What else the function builds out of the same layers: it has to share the scope, wherever it is compiled. */
function derivedModels(
  module: PythonModule,
  members: readonly GroupMember[],
  models: readonly Variable[],
  body: PyNode,
  first: number,
  end: number,
): { statements: PyNode[]; variables: Variable[] } {
  const known: Variable[] = [...models];
  for (const { site, template } of members) {
    if (template !== undefined) known.push(...buildSlice(module, template, site.statement).parts);
  }
  const statements: PyNode[] = [];
  const variables: Variable[] = [];
  for (const statement of assignmentsIn(body)) {
    if (statement.start <= first || statement.start >= end || members.some(({ site }) => site.statement === statement))
      continue;
    const { left, right } = assignmentOf(statement) ?? {};
    if (left === undefined || right === undefined || !mentionsAny(module, known, right)) continue;
    if (!buildsLayers(module, right) || !makesModelPart(module, statement)) continue;
    statements.push(statement);
    const variable = variableOf(module, left);
    if (variable === undefined || known.some((part) => sameVariable(part, variable))) continue;
    known.push(variable);
    variables.push(variable);
  }
  return { statements, variables };
}

function mentionsAny(module: PythonModule, variables: readonly Variable[], within: PyNode): boolean {
  return variables.some((variable) => mentionsOf(module, variable, within).length > 0);
}

/** A call of a function, or of a class of Keras; a class of the project's own that takes the model is a callback or the like. */
function buildsLayers(module: PythonModule, value: PyNode): boolean {
  for (const node of descendants(value)) {
    const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
    if (callee === undefined) continue;
    const name = module.source.textOf(
      callee.type === 'attribute' ? (childByField(callee, 'attribute') ?? callee) : callee,
    );
    if (
      module.origins
        .of(callee)
        .some((origin) =>
          /(^|\.)keras\.(?!callbacks|optimizers|losses|metrics|preprocessing|datasets|utils)/.test(`${origin}.`),
        )
    )
      return true;
    if (callee.type === 'call' || !/^[A-Z]/.test(name)) return true;
  }
  return false;
}

/** The assignments of a function or module, those of nested definitions left out. */
function* assignmentsIn(node: Pick<PyNode, 'children'>): Generator<PyNode> {
  for (const child of node.children) {
    if (isDefinition(child) || child.type === 'lambda') continue;
    if (child.type === 'expression_statement') yield child;
    else yield* assignmentsIn(child);
  }
}

/** The function body or module that a node belongs to. */
export function functionBody(module: PythonModule, node: PyNode | undefined): PyNode {
  const owner = node === undefined ? undefined : enclosingFunction(node);
  return owner ?? module.source.root;
}

function isDeviceBody(module: PythonModule, block: PyNode): boolean {
  return block.parent !== undefined && deviceOf(module, block.parent) !== undefined;
}

function collectBuild(
  module: PythonModule,
  { site, template }: GroupMember,
  inside: Set<PyNode>,
  builtByCallers: boolean,
): void {
  if (template === undefined) {
    if (site.model.type === 'call') {
      inside.add(site.statement);
      for (const node of descendants(site.model)) {
        if (node.type !== 'identifier') continue;
        for (const { variable } of partsUsed(module, site.statement).filter((used) => used.node === node)) {
          for (const statement of buildSlice(module, variable, site.statement).statements) inside.add(statement);
        }
      }
      return;
    }
    throw new Refusal(
      RefusalReason.ModelNotInView,
      `“${module.source.textOf(site.model)}” is not built where it can be seen`,
    );
  }
  const { statements, parts } = buildSlice(module, template, site.statement);
  const { statements: definitions, complete } = definitionsReaching(module, template, site.statement);
  const fromElsewhere = template.text.includes('.') || template.root.writes.some((write) => write.kind === 'parameter');
  if (definitions.length > 0 && !complete && fromElsewhere) {
    throw new Refusal(RefusalReason.ModelNotInView, `“${template.text}” is not built here on every path`);
  }
  if (definitions.length === 0) {
    if (template.root.writes.some((write) => write.kind === 'for')) {
      throw new Refusal(RefusalReason.WrappedInLoop, `“${template.text}” is taken from a collection in a loop`);
    }
    if (template.root.writes.some((write) => write.kind === 'parameter') && !template.text.includes('.')) {
      if (builtByCallers) return;
      throw new Refusal(RefusalReason.CallersNotInView, `the model “${template.text}” comes in as a parameter`);
    }
    throw new Refusal(RefusalReason.ModelNotInView, `“${template.text}” is not built in this function`);
  }
  for (const definition of definitions) {
    if (isLoop(definition))
      throw new Refusal(RefusalReason.WrappedInLoop, `“${template.text}” is taken from a collection in a loop`);
    const value = assignmentOf(definition)?.right;
    if (value !== undefined && !buildsSomething(module, value, definition)) {
      throw new Refusal(RefusalReason.ModelNotInView, `“${template.text}” is not built where it is assigned`);
    }
  }
  for (const statement of statements) {
    inside.add(statement);
    for (const part of attributeParts(module, statement, template)) for (const inner of part) inside.add(inner);
  }
  const start = Math.min(...statements.map((statement) => statement.start));
  for (const part of parts) {
    for (const mention of mentionsOf(module, part, functionBody(module, site.statement))) {
      if (mention.start < start || mention.start > site.statement.start) continue;
      const statement = statementOf(mention);
      if (changesModel(module, mention)) inside.add(statement);
    }
  }
}

/** `model.add(...)`, `model.load_weights(...)`, `x = layer(model.output)`: whatever may create variables. */
function changesModel(module: PythonModule, mention: PyNode): boolean {
  const attribute = mention.parent;
  if (attribute?.type !== 'attribute' || mention.field !== 'object' || attribute.parent?.type !== 'call') return false;
  const name = childByField(attribute, 'attribute');
  return name !== undefined && /^(add|build|load_weights|set_weights|call|pop)$/.test(module.source.textOf(name));
}

function buildsSomething(module: PythonModule, value: PyNode, definition: PyNode): boolean {
  for (const node of descendants(value)) {
    if (node.type !== 'call') continue;
    const callee = childByField(node, 'function');
    const name = callee?.type === 'attribute' ? module.source.textOf(childByField(callee, 'attribute') ?? callee) : '';
    if (!/^(get|pop|items|values|keys)$/.test(name)) return true;
  }
  return partsUsed(module, definition).length > 0;
}

/** Statements `parallel = template` in the same function, as the other arm of a branch has them. */
function aliasesOf(module: PythonModule, parallel: Variable, template: Variable, near: PyNode): PyNode[] {
  const body = functionBody(module, near);
  const found: PyNode[] = [];
  for (const mention of mentionsOf(module, parallel, body)) {
    const statement = statementOf(mention);
    const assignment = assignmentOf(statement);
    if (assignment !== undefined && assignment.left === mention && isVariable(module, assignment.right, template))
      found.push(statement);
  }
  return found.filter((statement) => sharesBranch(statement, near));
}

/** Other assignments of the wrapped name in arms beside the wrap: they build the model for one device. */
function otherWrites(module: PythonModule, members: readonly GroupMember[]): PyNode[] {
  const found = new Set<PyNode>();
  for (const { site, parallel } of members) {
    if (parallel === undefined) continue;
    for (const mention of mentionsOf(module, parallel, functionBody(module, site.statement))) {
      const statement = statementOf(mention);
      if (!isWrite(mention) || statement === site.statement || !sharesBranch(statement, site.statement)) continue;
      const value = assignmentOf(statement)?.right;
      if (
        value !== undefined &&
        members.every((other) => other.site.statement !== statement) &&
        buildsSomething(module, value, statement)
      )
        found.add(statement);
    }
  }
  return [...found];
}

/** Whether two statements stand in different arms of the same `if` or `try`. */
function sharesBranch(a: PyNode, b: PyNode): boolean {
  const branch = closest(
    a.parent,
    (node) => (node.type === 'if_statement' || node.type === 'try_statement') && contains(node, b),
  );
  if (branch === undefined) return false;
  return branch.start <= a.start && b.end <= branch.end;
}

/** Where the name is given another model, if it is: what follows belongs to that one. */
function rebuiltAfter(
  module: PythonModule,
  variable: Variable | undefined,
  site: PyNode,
  body: PyNode,
  aliases: readonly PyNode[],
): number {
  if (variable === undefined) return Number.POSITIVE_INFINITY;
  for (const mention of mentionsOf(module, variable, body)) {
    const statement = statementOf(mention);
    if (mention.start > site.end && isWrite(mention) && !aliases.includes(statement) && !sharesBranch(statement, site))
      return statement.start;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * Attributes of `self` that a build uses: what this method assigned before is built here as well.
 *
 * @throws Refusal when another method made layers or tensors that the model consists of.
 */
export function attributeParts(
  module: PythonModule,
  statement: PyNode,
  model: Variable,
  seen = new Set<PyNode>(),
): PyNode[][] {
  if (seen.has(statement)) return [];
  seen.add(statement);
  const owner = closest(statement, (node) => node.type === 'class_definition');
  const value = assignmentOf(statement)?.right;
  if (owner === undefined || value === undefined) return [];
  const parts: PyNode[][] = [];
  for (const node of descendants(value)) {
    if (node.type !== 'attribute' || !/^self\.\w+$/.test(module.source.textOf(node)) || node.field === 'function')
      continue;
    const variable = variableOf(module, node);
    if (variable === undefined || variable.text === model.text) continue;
    const { statements, complete } = definitionsReaching(module, variable, statement);
    const own = statements.filter((definition) => makesModelPart(module, definition));
    for (const definition of own) {
      parts.push(
        [definition, ...buildSlice(module, variable, statement).statements],
        ...attributeParts(module, definition, model, seen),
      );
    }
    if (complete) continue;
    for (const other of descendants(owner)) {
      const assignment = assignmentOf(other);
      if (
        assignment === undefined ||
        module.source.textOf(assignment.left) !== variable.text ||
        statements.includes(other)
      )
        continue;
      if (makesModelPart(module, other) && !isInput(module, assignment.right)) {
        throw new Refusal(
          RefusalReason.ModelNotInView,
          `the model consists of “${variable.text}”, which another method builds`,
        );
      }
    }
  }
  return parts;
}

/** `Input(...)` holds no variables: it may be made outside the scope. */
function isInput(module: PythonModule, value: PyNode): boolean {
  const callee = value.type === 'call' ? childByField(value, 'function') : undefined;
  return callee !== undefined && /(^|\.)Input$/.test(module.source.textOf(callee));
}
