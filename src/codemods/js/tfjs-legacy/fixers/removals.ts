/** Fixers that remove dead code, and the one that turns a construction into a call. Pure. */
import type { TextEdit } from '../../../result.js';
import type { FileView, Fixer } from '../site.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { RefusalReason } from '../../../refusal-reason.js';
import { memberPath } from '../../origins/origin.js';
import { keyName } from '../../syntax/syntax-tree.js';
import { hasSpread, propertyNamed, statementOf } from '../call-site.js';
import { purityOf } from '../purity.js';
import { listItemsRemoval, statementRemoval } from '../text-removal.js';

import { purityContext } from './arguments.js';

export const deleteOption: Fixer<'delete-option'> = ({ call, file }, { names }) => {
  const options = call?.arguments[0];
  const property = options && names.map((name) => propertyNamed(options, name)).find((found) => found !== undefined);
  // Of two properties with one name, the last one counts.
  if (property === undefined || hasTwin(property)) return RefusalReason.DynamicArguments;
  if (purityOf(property.value, purityContext(file)) === 'effect') return RefusalReason.EvaluationOrder;
  const siblings = property.parent.type === AST_NODE_TYPES.ObjectExpression ? property.parent.properties : [];
  return { edits: [...listItemsRemoval(file.source.text, [property], siblings)] };
};

/** Whether another property of the object has the same name. */
function hasTwin(property: TSESTree.Property): boolean {
  const { parent } = property;
  return (
    parent.type === AST_NODE_TYPES.ObjectExpression &&
    parent.properties.some(
      (other) => other !== property && other.type === AST_NODE_TYPES.Property && keyName(other) === keyName(property),
    )
  );
}

export const deleteStatement: Fixer<'delete-statement'> = ({ call, file }) => {
  const statement = call && statementOf(call);
  if (statement === undefined) return RefusalReason.NotCalledDirectly;
  if (!isInStatementList(statement.parent.type)) return RefusalReason.ConditionNotProved;
  if (timesCalled(file, 'setBackend') > 1) return RefusalReason.ConditionNotProved;
  return { removesUse: true, edits: statementRemoval(file.source.text, statement) };
};

export const constructToCall: Fixer<'construct-to-call'> = ({ call, file }, { to }) => {
  if (call?.type !== AST_NODE_TYPES.NewExpression) return RefusalReason.NotCalledDirectly;
  if (hasSpread(call)) return RefusalReason.DynamicArguments;
  if (call.arguments.length !== 1) return RefusalReason.ConditionNotProved;
  const start = call.range[0];
  const end = start + (/^new\s*/.exec(file.source.text.slice(start))?.[0].length ?? 0);
  const edit: TextEdit = { start, end, text: '' };
  return { to, edits: [edit] };
};

function timesCalled({ origins }: FileView, name: string): number {
  return origins.references.filter(({ origin }) => memberPath(origin.path)[0] === name).length;
}

function isInStatementList(type: AST_NODE_TYPES): boolean {
  return (
    type === AST_NODE_TYPES.Program || type === AST_NODE_TYPES.BlockStatement || type === AST_NODE_TYPES.StaticBlock
  );
}
