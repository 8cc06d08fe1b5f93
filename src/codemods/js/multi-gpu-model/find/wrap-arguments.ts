/** Reads the arguments of a `multiGpuModel` call: the model and the devices, or why they are unknown. Pure. */
import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { MULTI_GPU_REFUSALS } from '../../refusal-messages-table.js';
import { isNullish, keyName, type Node, unwrap } from '../../syntax/syntax-tree.js';

export interface WrapArguments {
  readonly model: TSESTree.Expression;
  /** `undefined` for all devices. */
  readonly devices: Node | undefined;
}

/**
 * Reads `multiGpuModel(model, gpus?, { cpuMerge, cpuRelocation }?)`, also with `gpus` in the object or positional
 * flags.
 */
export function readArguments(call: TSESTree.CallExpression): WrapArguments | Refusal {
  const [model, second, ...rest] = call.arguments;
  if (model === undefined || model.type === AST_NODE_TYPES.SpreadElement || hasSpread(call))
    return MULTI_GPU_REFUSALS.argumentsUnknown;
  let devices: Node | undefined;
  const flags = new Map<string, Node>();
  if (second !== undefined && second.type !== AST_NODE_TYPES.ObjectExpression) devices = second;
  for (const options of [second, ...rest]) {
    if (options?.type !== AST_NODE_TYPES.ObjectExpression) continue;
    for (const property of options.properties) {
      const name = property.type === AST_NODE_TYPES.Property ? keyName(property) : undefined;
      if (property.type !== AST_NODE_TYPES.Property || name === undefined) return MULTI_GPU_REFUSALS.optionsUnknown;
      if (name === 'gpus') devices = property.value;
      else flags.set(name.replaceAll('_', '').toLowerCase(), property.value);
    }
  }
  rest.forEach((argument, index) => {
    if (argument.type !== AST_NODE_TYPES.ObjectExpression)
      flags.set(index === 0 ? 'cpumerge' : 'cpurelocation', argument);
  });
  for (const [name, value] of flags) {
    // A variable as the only argument after the devices may hold an object of options instead of a flag.
    const mayBeOptions = rest.length === 1 && rest[0] === value;
    const refusal = flagProblem(name, unwrap(value), mayBeOptions);
    if (isRefusal(refusal)) return refusal;
  }
  return { model, devices: devices === undefined || isNullish(unwrap(devices)) ? undefined : devices };
}

function flagProblem(name: string, value: Node, mayBeOptions: boolean): Refusal | undefined {
  const isBoolean = value.type === AST_NODE_TYPES.Literal && typeof value.value === 'boolean';
  const isKnown = isBoolean || isNullish(value);
  switch (name) {
    case 'cpurelocation':
      if (value.type === AST_NODE_TYPES.Literal && value.value === true) return MULTI_GPU_REFUSALS.cpuRelocation;
      return isKnown ? undefined : MULTI_GPU_REFUSALS.cpuRelocationUnknown;
    case 'cpumerge':
      return isKnown || !mayBeOptions ? undefined : MULTI_GPU_REFUSALS.optionsUnknown;
    default:
      return MULTI_GPU_REFUSALS.unknownOption(name);
  }
}

function hasSpread(call: TSESTree.CallExpression): boolean {
  return call.arguments.some(({ type }) => type === AST_NODE_TYPES.SpreadElement);
}
