/**
 * Finds every use of `multiGpuModel` in a file, by provenance: calls, and uses that are no calls.
 * The migration and the lint rule share it.
 */
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Node } from '../../syntax/syntax-tree.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { findOrigins } from '../../origins/find-origins.js';
import {
  type Binding,
  memberPath,
  type Origin,
  type OriginQuery,
  type OriginReference,
  type Origins,
  type ReExport,
} from '../../origins/origin.js';
import { MULTI_GPU_CONTAINERS, MULTI_GPU_MODULES, MULTI_GPU_NAMES } from '../api-table.js';

/** One call of the function. */
export interface WrapCall {
  /** `multiGpuModel` or `multi_gpu_model`. */
  readonly api: string;
  readonly call: TSESTree.CallExpression;
  readonly reference: OriginReference;
}

/** A use that is no call: passed around, exported, a type. */
export interface LooseUse {
  readonly api: string;
  readonly node: Node;
}

export interface MultiGpuUses {
  readonly origins: Origins;
  readonly calls: readonly WrapCall[];
  readonly loose: readonly LooseUse[];
  /** Names bound to the function itself: import specifiers, pattern properties, aliases. */
  readonly bindings: readonly Binding[];
}

export interface FindOptions {
  /** Modules beside the known ones. */
  readonly modules?: readonly string[];
  readonly redirect?: OriginQuery['redirect'];
}

/** Whether a specifier is one of the known modules, or one of those given, or lies below one. */
export function multiGpuModules(modules: readonly string[]): (specifier: string) => boolean {
  const known = [...MULTI_GPU_MODULES, ...modules];
  return (specifier) => known.some((name) => specifier === name || specifier.startsWith(`${name}/`));
}

/** All uses in source order. */
export function findMultiGpuUses(source: JavaScriptSource, { modules = [], redirect }: FindOptions = {}): MultiGpuUses {
  const isModule = multiGpuModules(modules);
  const origins = findOrigins(source, { isModule, ...(redirect === undefined ? {} : { redirect }) });
  const calls: WrapCall[] = [];
  const loose: LooseUse[] = [];
  for (const reference of origins.references) {
    const api = multiGpuName(reference.origin);
    if (api === undefined) {
      loose.push(...memberUse(reference));
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
      loose.push({ api, node: reference.node });
    }
  }
  for (const reExport of origins.reExports) {
    const api = multiGpuName(reExport.origin);
    if (api !== undefined) loose.push({ api, node: placeOf(reExport) });
  }
  for (const { origin, identifier, node, declaration } of origins.bindings) {
    const api = multiGpuName(origin);
    if (api !== undefined && (isExportedVariable(node) || isExportedVariable(declaration)))
      loose.push({ api, node: identifier });
  }
  loose.sort((a, b) => a.node.range[0] - b.node.range[0]);
  return {
    origins,
    calls,
    loose,
    bindings: origins.bindings.filter(({ origin }) => multiGpuName(origin) !== undefined),
  };
}

/** `multiGpuModel.bind(…)`: something is read off the function. */
function memberUse({ origin: { module, path }, node, base, steps }: OriginReference): LooseUse[] {
  for (let length = path.length - 1; length > 0; length--) {
    const api = multiGpuName({ module, path: path.slice(0, length) });
    if (api !== undefined)
      return [{ api, node: steps.at(length - path.length - 1)?.node ?? (steps.length > 0 ? base : node) }];
  }
  return [];
}

/** Whether a declarator stands in `export const …`, so that other files have what it declares. */
export function isExportedVariable(node: Node | undefined): boolean {
  return (
    node?.type === AST_NODE_TYPES.VariableDeclarator &&
    node.parent.parent?.type === AST_NODE_TYPES.ExportNamedDeclaration
  );
}

/** The name of the function if the origin is it. */
export function multiGpuName({ module, path }: Origin): string | undefined {
  const members = memberPath(path);
  const name = members.at(-1);
  if (name !== undefined) {
    const isIt =
      MULTI_GPU_NAMES.has(name) && members.slice(0, -1).every((container) => MULTI_GPU_CONTAINERS.has(container));
    return isIt ? name : undefined;
  }
  // `import multiGpuModel from 'keras/utils/multiGpuModel'`: the file is named for its one export.
  const file = /\/([^/]+?)(?:\.[cm]?js)?$/.exec(module)?.[1];
  return path.length > 0 && file !== undefined && MULTI_GPU_NAMES.has(file) ? file : undefined;
}

function isAliasInitializer(reference: OriginReference, origins: Origins): boolean {
  const parent = reference.outermost.parent;
  if (parent?.type !== AST_NODE_TYPES.VariableDeclarator && parent?.type !== AST_NODE_TYPES.AssignmentExpression)
    return false;
  return origins.bindings.some((binding) => binding.node === parent);
}

function placeOf({ node, declaration }: ReExport): Node {
  return node === declaration ? declaration : node;
}
