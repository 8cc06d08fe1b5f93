/**
 * Keeps `clear_session()` out of scopes: it replaces the graph on which the open scope is recorded, so leaving the
 * scope fails. A builder that begins with it loses it, and it runs above the scope instead. Collects edits.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { LineEditor } from '../../edit/line-editor.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { isPure } from '../../analysis/purity.js';
import { callArguments, calleeOf, expressionOf, isDefinition, statementsOf } from '../../analysis/statements.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, descendants, type PyNode } from '../../syntax/node.js';
import { definitionName, functionCalled } from '../model/class-members.js';
import { clearsSession, isSessionReset } from '../model/session-reset.js';

/** Calls of functions are followed no deeper than this. */
const MAX_DEPTH = 5;

/**
 * Moves calls that clear the session from the builders of a stretch of statements to a place above its scope.
 *
 * @param module - The file.
 * @param editor - Gets the edits.
 * @param members - The statements that run in the scope.
 * @param line - The line of the scope.
 * @returns A refusal when the session is cleared in a way that cannot move.
 */
export function liftSessionResets(
  module: PythonModule,
  editor: LineEditor,
  members: readonly PyNode[],
  line: number,
): Refusal | undefined {
  if (!/clear_session|reset_default_graph/.test(module.source.text)) return undefined;
  for (const member of members) {
    for (const call of callsIn(member)) {
      if (isSessionReset(module, call)) return REFUSALS.clearsSession(module.source.textOf(call));
      const definition = definitionOf(module, call);
      if (definition === undefined || !resets(module, definition, 0)) continue;
      const lifted = leadingReset(module, definition, call);
      if (isRefusal(lifted)) return lifted;
      editor.insertBefore(line, module.source.textOf(lifted));
      editor.deleteStatement(lifted);
    }
  }
  return undefined;
}

/** The statement that clears the session at the start of a builder, if it can run before the call of the builder. */
function leadingReset(module: PythonModule, definition: PyNode, call: PyNode): PyNode | Refusal {
  const { source } = module;
  const refusal = REFUSALS.builderClearsSession(definitionName(module, definition));
  const body = statementsOf(childByField(definition, 'body') ?? definition).filter(
    (statement) => expressionOf(statement)?.type !== 'string',
  );
  const [first] = body;
  const isAlone =
    first !== undefined &&
    body.length > 1 &&
    clearsSession(module, first) &&
    body.slice(1).every((statement) => !callsIn(statement).some((inner) => resetsByCall(module, inner, 0)));
  if (!isAlone) return refusal;
  // The names of the moved call have to mean the same above the scope, and other callers would miss it.
  const isGlobal = [...descendants(first)].every(
    (node) =>
      node.type !== 'identifier' ||
      node.field === 'attribute' ||
      module.scopes.bindingOf(node)?.scope === module.scopes.module,
  );
  const name = childByField(definition, 'name');
  const uses = name === undefined ? [] : module.identifiersNamed(source.textOf(name)).filter((node) => node !== name);
  const { positional, keywords, spread } = callArguments(source, call);
  const isEarlier = !spread && [...positional, ...keywords.values()].every((argument) => isPure(module, argument));
  return isGlobal && uses.length === 1 && isEarlier ? first : refusal;
}

function resets(module: PythonModule, definition: PyNode, depth: number): boolean {
  const body = childByField(definition, 'body');
  return body !== undefined && callsIn(body).some((call) => resetsByCall(module, call, depth));
}

function resetsByCall(module: PythonModule, call: PyNode, depth: number): boolean {
  if (isSessionReset(module, call)) return true;
  const definition = depth < MAX_DEPTH ? definitionOf(module, call) : undefined;
  return definition !== undefined && resets(module, definition, depth + 1);
}

/** The function or method of this file that a call runs. */
function definitionOf(module: PythonModule, call: PyNode): PyNode | undefined {
  const callee = calleeOf(call);
  return callee === undefined ? undefined : functionCalled(module, callee);
}

/** The calls in a statement, without those in nested definitions, which run later. */
function callsIn(node: PyNode): PyNode[] {
  if (isDefinition(node) || node.type === 'lambda') return [];
  const inner = node.children.flatMap(callsIn);
  return node.type === 'call' ? [node, ...inner] : inner;
}
