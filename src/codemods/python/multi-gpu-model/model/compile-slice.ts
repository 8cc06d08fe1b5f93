/** Finds the statements that create what a `compile` call takes: its optimizer and its metrics. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';

import { assignmentOf, callArguments, enclosingClass } from '../../analysis/statements.js';
import { reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, descendants, type PyNode } from '../../syntax/node.js';

/**
 * The statements of the same function that create the optimizer and the metrics of a `compile` call. Refuses when the
 * optimizer comes from elsewhere, because it may be created outside the scope.
 */
export function compileSlice(module: PythonModule, call: PyNode): PyNode[] | Refusal {
  const { positional, keywords } = callArguments(module.source, call);
  const statements = new Set<PyNode>();
  const optimizer = keywords.get('optimizer') ?? positional[0];
  const refusal = optimizer === undefined ? undefined : followOptimizer(module, optimizer, call, statements);
  if (refusal !== undefined) return refusal;
  const metrics = keywords.get('metrics') ?? positional[2];
  if (metrics !== undefined) for (const name of namesIn(metrics)) followName(module, name, call, statements);
  return [...statements];
}

function followOptimizer(
  module: PythonModule,
  optimizer: PyNode,
  call: PyNode,
  statements: Set<PyNode>,
): Refusal | undefined {
  if (optimizer.type === 'attribute') {
    const refusal = followAttribute(module, optimizer, call, statements);
    if (refusal !== undefined) return refusal;
  }
  for (const name of namesIn(optimizer)) {
    const refusal = name === optimizer ? checkInFunction(module, name, call) : undefined;
    if (refusal !== undefined) return refusal;
    followName(module, name, call, statements);
  }
  return undefined;
}

/** The names that an expression reads. */
function namesIn(value: PyNode): PyNode[] {
  return [...descendants(value)].filter(
    (node) =>
      node.type === 'identifier' &&
      node.field !== 'attribute' &&
      !(node.field === 'name' && node.parent?.type === 'keyword_argument'),
  );
}

/** Refuses an optimizer that the function neither creates nor gets as text. */
function checkInFunction(module: PythonModule, name: PyNode, call: PyNode): Refusal | undefined {
  const variable = variableOf(module, name);
  if (variable === undefined || isConstant(module, name)) return undefined;
  const { writes, scope } = variable.root;
  if (scope !== module.scopes.functionScopeAt(call)) {
    const isLiteral = writes.every((write) => isText(childByField(write.site, 'right')));
    return isLiteral ? undefined : REFUSALS.optimizerOutsideFunction(variable.text);
  }
  const isParameter =
    reachingDefinitions(module, variable, call).length === 0 &&
    writes.some((write) => write.kind === 'parameter' && !isText(childByField(write.site, 'value')));
  return isParameter ? REFUSALS.optimizerIsParameter(variable.text) : undefined;
}

/** Whether only imports, definitions and loops bind a name, so that no statement has to move with it. */
function isConstant(module: PythonModule, name: PyNode): boolean {
  const writes = variableOf(module, name)?.root.writes ?? [];
  return writes.every((write) => write.kind === 'import' || write.kind === 'definition' || write.kind === 'for');
}

/** Adds the statements that create what a name holds. */
function followName(module: PythonModule, name: PyNode, at: PyNode, statements: Set<PyNode>): void {
  const variable = variableOf(module, name);
  if (variable === undefined || isConstant(module, name)) return;
  if (variable.root.scope !== module.scopes.functionScopeAt(at)) return;
  for (const definition of reachingDefinitions(module, variable, at)) {
    const right = assignmentOf(definition)?.right;
    if (right === undefined || !createsObject(module, right) || statements.has(definition)) continue;
    statements.add(definition);
    for (const inner of descendants(right)) {
      const isOptimizerName =
        inner.type === 'identifier' &&
        /opt/i.test(module.source.textOf(inner)) &&
        inner.field !== 'attribute' &&
        inner.field !== 'name';
      if (isOptimizerName) followName(module, inner, definition, statements);
    }
  }
}

/** Adds the statements that create what an attribute holds; refuses an attribute that another method creates. */
function followAttribute(
  module: PythonModule,
  attribute: PyNode,
  at: PyNode,
  statements: Set<PyNode>,
): Refusal | undefined {
  const variable = variableOf(module, attribute);
  if (variable === undefined) return undefined;
  const local = reachingDefinitions(module, variable, at);
  for (const definition of local) {
    const right = assignmentOf(definition)?.right;
    if (right !== undefined && createsObject(module, right)) statements.add(definition);
  }
  const text = module.source.textOf(attribute);
  const owner = local.length === 0 && text.startsWith('self.') ? enclosingClass(at) : undefined;
  if (owner === undefined) return undefined;
  const isCreated = [...descendants(owner)].some((statement) => {
    const assignment = assignmentOf(statement);
    return (
      assignment !== undefined &&
      module.source.textOf(assignment.left) === text &&
      createsObject(module, assignment.right)
    );
  });
  return isCreated ? REFUSALS.optimizerInOtherMethod(text) : undefined;
}

/** Whether an expression creates an object, rather than only converting or looking up plain values. */
function createsObject(module: PythonModule, value: PyNode): boolean {
  for (const node of descendants(value)) {
    if (node.type !== 'call') continue;
    const callee = childByField(node, 'function');
    if (callee === undefined) continue;
    const text = module.source.textOf(callee);
    if (
      ['int', 'float', 'str', 'len', 'dict', 'list', 'parse_args', 'vars'].includes(text) ||
      /\.(parse_args|get|split|lower)$/.test(text)
    )
      continue;
    return true;
  }
  return false;
}

function isText(value: PyNode | undefined): boolean {
  return value?.type === 'string' || value?.type === 'none' || value?.type === 'integer' || value?.type === 'float';
}
