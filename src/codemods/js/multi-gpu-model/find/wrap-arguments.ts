/** Reads the arguments of a `multiGpuModel` call: which model, which devices, or why not. Pure. */
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { RefusalReason } from '../../../refusal-reason.js';
import { keyName, type Node, unwrap } from '../../syntax/syntax-tree.js';
import { type Refusal, refuse } from '../refusal.js';

export interface WrapArguments {
  readonly model: TSESTree.Expression;
  /** `undefined` for all devices. */
  readonly devices: TSESTree.Expression | undefined;
}

/** `multiGpuModel(model, gpus?, { cpuMerge, cpuRelocation }?)`, also with `gpus` in the object or with booleans by position. */
export function readArguments(call: TSESTree.CallExpression): WrapArguments | Refusal {
  const [model, second, ...rest] = call.arguments;
  if (model === undefined || call.arguments.some(({ type }) => type === AST_NODE_TYPES.SpreadElement)) {
    return refuse(RefusalReason.DynamicArguments, 'its arguments cannot be seen');
  }
  let devices: TSESTree.Expression | undefined;
  const flags = new Map<string, Node>();
  const options = [second, ...rest].filter((argument) => argument?.type === AST_NODE_TYPES.ObjectExpression);
  if (second !== undefined && second.type !== AST_NODE_TYPES.ObjectExpression) devices = second as TSESTree.Expression;
  for (const object of options) {
    for (const property of (object as TSESTree.ObjectExpression).properties) {
      const name = property.type === AST_NODE_TYPES.Property ? keyName(property) : undefined;
      if (property.type !== AST_NODE_TYPES.Property || name === undefined) {
        return refuse(RefusalReason.DynamicArguments, 'its options cannot be seen');
      }
      if (name === 'gpus') devices = property.value as TSESTree.Expression;
      else flags.set(name.replaceAll('_', '').toLowerCase(), property.value);
    }
  }
  rest.forEach((argument, index) => {
    if (argument.type !== AST_NODE_TYPES.ObjectExpression)
      flags.set(index === 0 ? 'cpumerge' : 'cpurelocation', argument);
  });
  // A third argument that is neither an object nor a boolean holds the options somewhere else.
  for (const [name, value] of flags) {
    const literal = unwrap(value);
    const known = isBoolean(literal) || isNothing(literal);
    if (name === 'cpurelocation') {
      if (isBoolean(literal) && literal.value) {
        return refuse(
          RefusalReason.CpuRelocation,
          'cpuRelocation makes a copy that shares no weights with its template',
        );
      }
      if (!known) return refuse(RefusalReason.ConditionNotProved, 'whether cpuRelocation is set cannot be seen');
    } else if (name === 'cpumerge') {
      if (!known && rest.length === 1 && rest[0] === value) {
        return refuse(RefusalReason.DynamicArguments, 'its options cannot be seen');
      }
    } else {
      return refuse(RefusalReason.DynamicArguments, `it has an option that is not known, ${name}`);
    }
  }
  if (devices !== undefined && isNothing(unwrap(devices))) devices = undefined;
  return { model: model as TSESTree.Expression, devices };
}

function isBoolean(node: Node): node is TSESTree.BooleanLiteral {
  return node.type === AST_NODE_TYPES.Literal && typeof node.value === 'boolean';
}

function isNothing(node: Node): boolean {
  if (node.type === AST_NODE_TYPES.Literal) return node.raw === 'null';
  return node.type === AST_NODE_TYPES.Identifier && node.name === 'undefined';
}
