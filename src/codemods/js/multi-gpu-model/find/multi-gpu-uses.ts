/**
 * Finds every use of `multiGpuModel` in a file, both calls and other uses. Resolves names to their imports. The
 * migration and the lint rule share it. Pure.
 */
import type { Binding, Origin, OriginQuery, OriginReference, Origins } from '../../origins/origin.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Node } from '../../syntax/syntax-tree.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { findOrigins } from '../../origins/find-origins.js';
import { memberPath } from '../../origins/origin.js';
import { MULTI_GPU_CONTAINERS, MULTI_GPU_MODULES, MULTI_GPU_NAMES } from '../api-table.js';

/** One call of the function. */
export interface WrapCall {
  /** `multiGpuModel` or `multi_gpu_model`. */
  readonly api: string;
  readonly call: TSESTree.CallExpression;
  readonly reference: OriginReference;
}

/** A use that is not a call: the function is passed on, exported, or used as a type. */
export interface OtherUse {
  readonly api: string;
  readonly node: Node;
}

export interface MultiGpuUses {
  readonly origins: Origins;
  readonly calls: readonly WrapCall[];
  readonly otherUses: readonly OtherUse[];
}

export interface FindOptions {
  /** More modules that export the function. */
  readonly modules?: readonly string[];
  readonly redirect?: OriginQuery['redirect'];
}

/**
 * Returns a function that tests whether a specifier is a known module, one of the given modules, or a path below one.
 */
export function multiGpuModules(modules: readonly string[]): (specifier: string) => boolean {
  const known = [...MULTI_GPU_MODULES, ...modules];
  return (specifier) => known.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

/** All uses in source order. */
export function findMultiGpuUses(source: JavaScriptSource, { modules = [], redirect }: FindOptions = {}): MultiGpuUses {
  const isModule = multiGpuModules(modules);
  const origins = findOrigins(source, { isModule, ...(redirect === undefined ? {} : { redirect }) });
  const calls: WrapCall[] = [];
  const otherUses: OtherUse[] = [];
  for (const reference of origins.references) {
    const api = multiGpuName(reference.origin);
    if (api === undefined) {
      otherUses.push(...memberUse(reference));
      continue;
    }
    if (isAliasInitializer(reference, origins)) continue;
    const call = reference.outermost.parent;
    if (
      call?.type === AST_NODE_TYPES.CallExpression &&
      call.callee === reference.outermost &&
      reference.usage === 'value'
    ) {
      calls.push({ api, call, reference });
    } else {
      otherUses.push({ api, node: reference.node });
    }
  }
  for (const { origin, node } of origins.reExports) {
    const api = multiGpuName(origin);
    if (api !== undefined) otherUses.push({ api, node });
  }
  for (const binding of origins.bindings) {
    const api = multiGpuName(binding.origin);
    if (api !== undefined && isExported(binding)) otherUses.push({ api, node: binding.identifier });
  }
  otherUses.sort((a, b) => a.node.range[0] - b.node.range[0]);
  return { origins, calls, otherUses };
}

/** Whether a binding is in `export const …`, so that other files may use it. */
export function isExported({ node, declaration }: Binding): boolean {
  return [node, declaration].some(
    (each) =>
      each?.type === AST_NODE_TYPES.VariableDeclarator &&
      each.parent.parent.type === AST_NODE_TYPES.ExportNamedDeclaration,
  );
}

/** The name of the function, if the origin is the function. */
export function multiGpuName({ module, path }: Origin): string | undefined {
  const members = memberPath(path);
  const name = members.at(-1);
  if (name !== undefined) {
    const isFunctionName =
      MULTI_GPU_NAMES.has(name) && members.slice(0, -1).every((container) => MULTI_GPU_CONTAINERS.has(container));
    return isFunctionName ? name : undefined;
  }
  // `import multiGpuModel from 'keras/utils/multiGpuModel'`: the file is named after its only export.
  const file = /\/([^/]+?)(?:\.[cm]?js)?$/.exec(module)?.[1];
  return path.length > 0 && file !== undefined && MULTI_GPU_NAMES.has(file) ? file : undefined;
}

/** `multiGpuModel.bind(…)`: reading a member of the function counts as a use of the function. */
function memberUse({ origin: { module, path }, node, base, steps }: OriginReference): OtherUse[] {
  for (let length = path.length - 1; length > 0; length--) {
    const api = multiGpuName({ module, path: path.slice(0, length) });
    if (api !== undefined)
      return [{ api, node: steps.at(length - path.length - 1)?.node ?? (steps.length > 0 ? base : node) }];
  }
  return [];
}

function isAliasInitializer({ outermost }: OriginReference, { bindings }: Origins): boolean {
  const { parent } = outermost;
  if (parent?.type !== AST_NODE_TYPES.VariableDeclarator && parent?.type !== AST_NODE_TYPES.AssignmentExpression)
    return false;
  return bindings.some(({ node }) => node === parent);
}
