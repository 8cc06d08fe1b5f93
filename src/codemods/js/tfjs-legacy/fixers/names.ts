/** Fixers that only rename a value. Pure. */
import type { Fixer } from '../site.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { RefusalReason } from '../../../refusal-reason.js';
import { literalString } from '../../syntax/syntax-tree.js';
import { hasSpread, literalProperties, statementOf } from '../call-site.js';

export const rename: Fixer<'rename'> = ({ call }, { to, notConstructed }) => {
  if (notConstructed && call?.type === AST_NODE_TYPES.NewExpression) return RefusalReason.MeaningChanged;
  return { to, edits: [] };
};

export const valueToCall: Fixer<'value-to-call'> = ({ node, call, usage }, { to }) => {
  if (usage !== 'value') return RefusalReason.NotCalledDirectly;
  // `new tf.ENV.backend()` and `tf.ENV = …` would mean something else with a call instead of the name.
  if (call?.type === AST_NODE_TYPES.NewExpression || isWritten(node)) return RefusalReason.NotCalledDirectly;
  // `tf.ENV.engine()` of an intermediate release is already a function, and not this value.
  if (call !== undefined) return RefusalReason.ConditionNotProved;
  return { to, suffix: '()', edits: [] };
};

export const renameCall: Fixer<'rename-call'> = ({ call }, { to, maximumArguments, options }) => {
  if (call === undefined) return RefusalReason.NotCalledDirectly;
  if (hasSpread(call)) return RefusalReason.DynamicArguments;
  if (call.arguments.length <= maximumArguments) return { to, edits: [] };
  const [next, ...others] = call.arguments.slice(maximumArguments);
  const properties = next === undefined || others.length > 0 ? undefined : literalProperties(next);
  const isOptions =
    properties !== undefined && properties.size > 0 && [...properties.keys()].every((name) => options?.includes(name));
  return isOptions ? { to, edits: [] } : RefusalReason.ConditionNotProved;
};

export const renameBackendStart: Fixer<'rename-backend-start'> = ({ call }, { to, names }) => {
  if (call === undefined) return RefusalReason.NotCalledDirectly;
  if (hasSpread(call)) return RefusalReason.DynamicArguments;
  const [argument, ...others] = call.arguments;
  const name = argument === undefined || others.length > 0 ? undefined : literalString(argument);
  const statement = statementOf(call);
  const proved = name !== undefined && names.includes(name) && statement !== undefined && !isInsideTry(statement);
  return proved ? { to, edits: [] } : RefusalReason.ConditionNotProved;
};

function isWritten(node: TSESTree.Node): boolean {
  const { parent } = node;
  switch (parent?.type) {
    case AST_NODE_TYPES.AssignmentExpression:
      return parent.left === node;
    case AST_NODE_TYPES.UpdateExpression:
      return true;
    case AST_NODE_TYPES.UnaryExpression:
      return parent.operator === 'delete';
    default:
      return false;
  }
}

/** Whether a `catch` handles an exception of the statement: the old function threw, the new one rejects its promise. */
function isInsideTry(node: TSESTree.Node): boolean {
  for (let current = node.parent; current !== undefined; current = current.parent) {
    if (current.type === AST_NODE_TYPES.TryStatement && current.handler !== null) return true;
  }
  return false;
}
