/** Finds optimizers and metrics that can be created later than now: right before the code that uses them. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { Variable } from '../../analysis/variables.js';
import type { PythonProject } from '../../project/python-project.js';

import { callsIn } from '../../analysis/calls.js';
import { isPure } from '../../analysis/purity.js';
import {
  assignmentOf,
  blockOf,
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
import { pathInKeras } from '../find/legacy-api.js';
import { definitionName, methodOwner, nameOf } from '../model/class-members.js';
import { functionOrModule } from '../model/wrap-group.js';

import { callsOfFunction } from './calls-of-function.js';

/** What is created too early, and the statement above which it can be created instead. */
export interface LateCreation {
  readonly statement: PyNode;
  readonly before: PyNode;
}

const MAX_CALLERS = 4;
const KERAS_OBJECTS = /^(optimizers|metrics|losses)\b/;

/**
 * Where a variable can be created for the function around a `compile` call: only this function reads it, runs once, and
 * finds there what the variable is created from.
 */
export function lateCreation(
  project: PythonProject,
  module: PythonModule,
  { root, text }: Variable,
  compile: PyNode,
): LateCreation | undefined {
  const [write, ...others] = root.writes;
  const statement = write === undefined ? undefined : statementOf(write.name);
  const assignment = statement === undefined ? undefined : assignmentOf(statement);
  if (statement === undefined || others.length > 0 || assignment?.left !== write?.name) return undefined;
  const body = functionOrModule(module, compile);
  const before = firstUse(module, root.reads, body);
  if (before === undefined || !ownsItsLines(module.source, statement) || !ownsItsLines(module.source, before))
    return undefined;
  const isOutside = functionOrModule(module, statement) !== body;
  const isAlways = isOutside
    ? statement.parent === module.source.root && runsOnce(project, module, body, MAX_CALLERS)
    : statement.end <= before.start && contains(blockOf(statement), before);
  const isRepeated = closest(before, (node) => isLoop(node) && contains(body, node) && !contains(node, statement));
  if (!isAlways || isRepeated !== undefined || !isSameLater(module, statement, before)) return undefined;
  const isShared = root.scope === module.scopes.module && isImported(project, { path: module.source.path, name: text });
  return isShared ? undefined : { statement, before };
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

/** Whether the value of an assignment is an object of Keras that is made of the same things later. */
function isSameLater(module: PythonModule, statement: PyNode, before: PyNode): boolean {
  const value = assignmentOf(statement)?.right ?? statement;
  if (value.type === 'assignment') return false;
  const areKnown = callsIn(value).every(
    ({ call, callee }) =>
      module.origins.of(callee).some((origin) => KERAS_OBJECTS.test(pathInKeras(origin) ?? '')) ||
      /^(dict|list)$/.test(module.source.textOf(callee)) ||
      isPure(module, call),
  );
  return (
    areKnown &&
    [...descendants(value)].every((node) => {
      if (/^(yield|await|named_expression|lambda)$|comprehension/.test(node.type)) return false;
      // The lines of a string keep their indentation.
      if (node.type === 'string' && module.source.textOf(node).includes('\n')) return false;
      if (node.type !== 'identifier' && node.type !== 'attribute') return true;
      const variable = node.field === 'attribute' ? undefined : variableOf(module, node);
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
