/** Finds optimizers and metrics that can be created later than now: right before the code that uses them. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { Variable } from '../../analysis/variables.js';
import type { PythonProject } from '../../project/python-project.js';
import type { LateCreation } from '../model/wrap-group.js';

import {
  assignmentOf,
  commonBlock,
  enclosingFunction,
  innerBlocks,
  isBlock,
  isLoop,
  ownsItsLines,
  statementOf,
  statementsOf,
} from '../../analysis/statements.js';
import { isWrite, mentionsOf, variableOf } from '../../analysis/variables.js';
import { isImported } from '../../project/references.js';
import { closest, contains, descendants, type PyNode } from '../../syntax/node.js';
import { definitionName, methodOwner, nameOf } from '../model/class-members.js';
import { onlyCreates } from '../model/only-creates.js';
import { functionOrModule } from '../model/wrap-group.js';

import { callsOfFunction } from './calls-of-function.js';

const MAX_CALLERS = 4;

/**
 * Where a variable of the module can be created for the function around a `compile` call: only this function reads it,
 * runs once, and finds there what the variable is created from.
 */
export function lateCreation(
  project: PythonProject,
  module: PythonModule,
  { root, text }: Variable,
  compile: PyNode,
): LateCreation | undefined {
  const { source } = module;
  const [write, ...others] = root.writes;
  const statement = write === undefined ? undefined : statementOf(write.name);
  const { left, right } = statement === undefined ? {} : (assignmentOf(statement) ?? {});
  const isAssigned = left === write?.name && others.length === 0 && statement?.parent === source.root;
  if (!isAssigned || right === undefined || right.type === 'assignment') return undefined;
  const body = functionOrModule(module, compile);
  const before = firstUse(module, root.reads, body);
  if (before === undefined || !ownsItsLines(source, statement) || !ownsItsLines(source, before)) return undefined;
  const isRepeated = closest(before, (node) => isLoop(node) && contains(body, node)) !== undefined;
  const canMove =
    !isRepeated &&
    !source.isInString(source.lineAt(statement.end)) &&
    runsOnce(project, module, body, MAX_CALLERS) &&
    isSameLater(project, module, statement, right, before) &&
    !isImported(project, { path: source.path, name: text });
  return canMove ? { statement, before } : undefined;
}

/** The statement that reads a name first, and from which on all its reads are; undefined if others read it, too. */
function firstUse(module: PythonModule, reads: readonly PyNode[], body: PyNode): PyNode | undefined {
  if (reads.length === 0 || reads.some((read) => functionOrModule(module, read) !== body)) return undefined;
  const block = commonBlock(reads, isBlock);
  const start = Math.min(...reads.map((read) => read.start));
  const first = block && statementsOf(block).find((statement) => statement.start <= start && start < statement.end);
  return first === undefined || innerBlocks(first).length > 0 ? undefined : first;
}

/** Whether a function is called in one place only, which runs once. */
function runsOnce(project: PythonProject, module: PythonModule, definition: PyNode, depth: number): boolean {
  if (definition.type !== 'function_definition' || depth === 0) return false;
  const owner = methodOwner(definition);
  const named = definitionName(module, definition) === '__init__' ? (owner ?? definition) : definition;
  const mentions = module.identifiersNamed(definitionName(module, named)).filter(({ field }) => field !== 'name');
  const [call, ...others] = callsOfFunction(project, module, definition);
  const isOnly = call?.module === module && others.length === 0 && mentions.length === 1;
  if (!isOnly || isImported(project, nameOf(module, owner ?? definition))) return false;
  if (closest(call.node, (node) => isLoop(node) || /comprehension|generator/.test(node.type)) !== undefined)
    return false;
  const caller = enclosingFunction(call.node);
  return caller === undefined || runsOnce(project, module, caller, depth - 1);
}

/** Whether a value only creates, and is made of the same things later. */
function isSameLater(
  project: PythonProject,
  module: PythonModule,
  statement: PyNode,
  value: PyNode,
  before: PyNode,
): boolean {
  return (
    onlyCreates(project, module, value) &&
    [...descendants(value)].every((node) => {
      if (/^(yield|await|named_expression|lambda)$|comprehension/.test(node.type)) return false;
      const isName = node.type === 'identifier' ? node.field !== 'attribute' : node.type === 'attribute';
      const variable = isName ? variableOf(module, node) : undefined;
      if (variable === undefined) return true;
      const { root } = variable;
      const isVisible = module.scopes.lookUp(root.name, module.scopes.functionScopeAt(before)) === root;
      const isConstant = root.writes.every(({ kind }) => kind === 'import' || kind === 'definition');
      const writes = mentionsOf(module, variable, module.source.root).filter(isWrite);
      return (
        isVisible && (isConstant || (root.writes.length === 1 && writes.every(({ end }) => end <= statement.start)))
      );
    })
  );
}
