/**
 * Follows variables: names, or dotted paths such as `self.model`. Finds their mentions and assignments, and the
 * assignments that may reach a statement. Pure.
 */
import type { PythonModule } from './module.js';
import type { Binding } from './scopes.js';

import { childByField, closest, contains, type PyNode } from '../syntax/node.js';

import { isFreshCopy } from './fresh-copies.js';
import { assignmentOf, branchesOf, innerBlocks, isBlock, isDefinition, statementOf } from './statements.js';

/** A name or dotted path. Two are the same when their texts and the bindings of their first names are the same. */
export interface Variable {
  readonly text: string;
  readonly root: Binding;
}

/** The variable of an expression; undefined unless it is a name, or a dotted path that begins with a bound name. */
export function variableOf(module: PythonModule, expression: PyNode): Variable | undefined {
  let root = expression;
  while (root.type === 'attribute') {
    const object = childByField(root, 'object');
    if (object === undefined) return undefined;
    root = object;
  }
  if (root.type !== 'identifier') return undefined;
  const binding = module.scopes.bindingOf(root);
  if (binding === undefined) return undefined;
  return { text: module.source.textOf(expression).replaceAll(/\s/g, ''), root: binding };
}

/** Whether two variables are the same one. */
export function sameVariable(a: Variable | undefined, b: Variable | undefined): boolean {
  return a !== undefined && b !== undefined && a.root === b.root && a.text === b.text;
}

/** Whether an expression node is exactly this variable. */
export function isVariable(module: PythonModule, node: PyNode, variable: Variable): boolean {
  if (node.type !== 'identifier' && node.type !== 'attribute') return false;
  return sameVariable(variableOf(module, node), variable);
}

/** Every mention of a variable inside a node, in source order. */
export function mentionsOf(module: PythonModule, variable: Variable, within: PyNode): PyNode[] {
  const all = module.mentions(variable.root, variable.text);
  if (within === module.source.root) return [...all];
  const found: PyNode[] = [];
  for (let index = firstFrom(all, within.start); index < all.length; index++) {
    const node = all[index];
    if (node === undefined || node.start >= within.end) break;
    if (contains(within, node)) found.push(node);
  }
  return found;
}

/** The index of the first node, of nodes in source order, that begins at an offset or later. */
function firstFrom(nodes: readonly PyNode[], offset: number): number {
  let [low, high] = [0, nodes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nodes[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a mention is the target of an assignment or another binding. */
export function isWrite(mention: PyNode): boolean {
  for (let node = mention; node.parent !== undefined; node = node.parent) {
    const { parent } = node;
    if (TARGET_LISTS.has(parent.type)) continue;
    return (
      (node.field === 'left' && WRITERS.has(parent.type)) ||
      (node.field === 'name' && parent.type === 'named_expression')
    );
  }
  return false;
}

const TARGET_LISTS = new Set(['pattern_list', 'tuple_pattern', 'list_pattern', 'expression_list']);
const WRITERS = new Set(['assignment', 'augmented_assignment', 'for_statement', 'for_in_clause']);

/** Whether a statement, or one inside it, may assign a variable. Nested definitions do not count. */
export function assigns(module: PythonModule, variable: Variable, statement: PyNode): boolean {
  return mentionsOf(module, variable, statement).some(
    (mention) => isWrite(mention) && !insideDefinition(mention, statement),
  );
}

function insideDefinition(node: PyNode, limit: PyNode): boolean {
  return (
    closest(node.parent, (candidate) => candidate === limit || isDefinition(candidate)) !== limit &&
    !isDefinition(limit)
  );
}

/**
 * The assignments of a variable that may reach a node of the same function: the nearest one before the node on every
 * path. An assignment that reads the variable itself does not end the search, unless it makes a new model like it.
 */
export function reachingDefinitions(module: PythonModule, variable: Variable, at: PyNode): PyNode[] {
  return definitionsReaching(module, variable, at).statements;
}

/** Like {@link reachingDefinitions}; `complete` tells whether every path from the start of the function has one. */
export function definitionsReaching(
  module: PythonModule,
  variable: Variable,
  at: PyNode,
): { statements: PyNode[]; complete: boolean } {
  const statements: PyNode[] = [];
  const search = searchDefinitions(module, variable, at);
  for (let step = search.next(); ; step = search.next()) {
    if (step.done === true) return { statements, complete: step.value };
    statements.push(step.value);
  }
}

/** Whether any of the {@link reachingDefinitions} passes a test; looks no further than the first one that does. */
export function someReachingDefinition(
  module: PythonModule,
  variable: Variable,
  at: PyNode,
  test: (definition: PyNode) => boolean,
): boolean {
  for (const definition of searchDefinitions(module, variable, at)) if (test(definition)) return true;
  return false;
}

/** Finds the {@link reachingDefinitions} from the nearest to the farthest; returns whether every path has one. */
export function* searchDefinitions(module: PythonModule, variable: Variable, at: PyNode): Generator<PyNode, boolean> {
  const assigned: Assigned = { variable, writes: writesOf(module, variable) };
  let statement = statementOf(at);
  while (statement.parent !== undefined) {
    const block = closest(statement.parent, isBlock);
    if (block === undefined) break;
    if (yield* searchBlock(module, assigned, block, statement.start)) return true;
    const owner = block.parent;
    if (
      block.type === 'module' ||
      owner === undefined ||
      owner.type === 'function_definition' ||
      owner.type === 'class_definition'
    )
      break;
    statement = statementOf(owner);
    if (statement.type === 'function_definition' || statement.type === 'class_definition') break;
  }
  return false;
}

/** Searches a block backwards from an offset; returns whether every path to the offset has a definition. */
function* searchBlock(
  module: PythonModule,
  assigned: Assigned,
  block: PyNode,
  before: number,
): Generator<PyNode, boolean> {
  for (const statement of assigningStatements(assigned, block, before))
    if (yield* searchStatement(module, assigned, statement)) return true;
  return false;
}

/** A variable with every mention that binds it, in source order. */
interface Assigned {
  readonly variable: Variable;
  readonly writes: readonly PyNode[];
}

/** Many statements of a file ask for the same variable. */
function writesOf(module: PythonModule, variable: Variable): readonly PyNode[] {
  const mentions = module.mentions(variable.root, variable.text);
  const known = module.source.derived(noWrites);
  let writes = known.get(mentions);
  if (writes === undefined) known.set(mentions, (writes = mentions.filter(isWrite)));
  return writes;
}

function noWrites(): Map<readonly PyNode[], readonly PyNode[]> {
  return new Map();
}

/** The statements of a block that may assign a variable before an offset, from the last to the first. */
function* assigningStatements({ writes }: Assigned, block: PyNode, before: number): Generator<PyNode> {
  let last: PyNode | undefined;
  for (let index = firstFrom(writes, Math.min(before, block.end)) - 1; index >= 0; index--) {
    const write = writes[index];
    if (write === undefined || write.start < block.start) break;
    if (write.end > block.end) continue;
    const statement = closest(write, (node) => node.parent === block);
    if (statement === undefined || statement === last || isDefinition(statement)) continue;
    if (insideDefinition(write, statement)) continue;
    last = statement;
    yield statement;
  }
}

/** Finds the assignments inside a statement; returns whether every path through it has one. */
function* searchStatement(module: PythonModule, assigned: Assigned, statement: PyNode): Generator<PyNode, boolean> {
  const assignment = assignmentOf(statement);
  if (assignment !== undefined) {
    yield statement;
    return !continuesFrom(module, assigned.variable, assignment.right);
  }
  const blocks =
    statement.type === 'if_statement' ? branchesOf(statement).map((branch) => branch.block) : innerBlocks(statement);
  if (blocks.length === 0) {
    yield statement;
    return true;
  }
  let ends = true;
  for (const block of blocks) if (!(yield* searchBlock(module, assigned, block, block.end))) ends = false;
  if (statement.type === 'with_statement') return ends;
  return (
    statement.type === 'if_statement' && branchesOf(statement).some(({ condition }) => condition === undefined) && ends
  );
}

/**
 * Whether a value is made of what its variable held before, and is no new model like it: the definitions that reach the
 * assignment also reach everything behind it.
 */
export function continuesFrom(module: PythonModule, variable: Variable, value: PyNode): boolean {
  return mentionsOf(module, variable, value).length > 0 && !isFreshCopy(module, value);
}
