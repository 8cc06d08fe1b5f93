/**
 * Finds calls of a `multiGpuModel` from a module that mirrorscope does not know, such as a project's own port of the
 * Python function. Only the project knows whether it is one. Pure.
 */
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { MultiGpuUses, WrapCall } from './multi-gpu-uses.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { findOrigins } from '../../origins/find-origins.js';
import { memberPath, type Origin, type OriginReference } from '../../origins/origin.js';
import { MULTI_GPU_NAMES } from '../api-table.js';

import { multiGpuName } from './multi-gpu-uses.js';

/** One such call. */
export interface UnknownModuleCall extends Omit<WrapCall, 'call'> {
  readonly module: string;
  /** Whether the setting `modules` makes the call migrate; it does not for a module that is the function itself. */
  readonly canBeListed: boolean;
}

/**
 * Finds the calls.
 *
 * @param source - The file.
 * @param uses - The uses that are known.
 * @param isModule - Whether mirrorscope knows a module.
 * @returns The calls in source order.
 */
export function callsOfUnknownModules(
  source: JavaScriptSource,
  uses: MultiGpuUses,
  isModule: (specifier: string) => boolean,
): UnknownModuleCall[] {
  const known = new Set(uses.calls.map(({ reference }) => reference.node));
  const { references } = findOrigins(source, { isModule: (specifier) => !isModule(specifier) });
  return references.flatMap((reference): UnknownModuleCall[] => {
    const { origin, node, outermost, usage } = reference;
    const call = outermost.parent;
    if (call?.type !== AST_NODE_TYPES.CallExpression || call.callee !== outermost || usage !== 'value') return [];
    if (known.has(node)) return [];
    const listed = multiGpuName(origin);
    const api = listed ?? nameOfModule(origin, reference);
    if (api === undefined) return [];
    return [{ api, reference, module: origin.module, canBeListed: listed !== undefined }];
  });
}

/** `const multiGpuModel = require('./multi-gpu')`: the module itself is the function. */
function nameOfModule({ path }: Origin, { binding }: OriginReference): string | undefined {
  const name = binding?.identifier.name;
  return memberPath(path).length === 0 && name !== undefined && MULTI_GPU_NAMES.has(name) ? name : undefined;
}
