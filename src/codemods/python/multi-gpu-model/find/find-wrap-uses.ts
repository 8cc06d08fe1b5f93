/** Finds every use of `multi_gpu_model` in a file, through every form of import. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { REFUSALS } from '../../refusal-messages-table.js';

import { isLegacyFunction } from './legacy-api.js';
import { asksForName, testOfName } from './name-tests.js';
import { KERAS_SIGNATURE, readWrapSite, type WrapperSignature, type WrapSite } from './wrap-site.js';

/** A use of the function that is not a call of it, or a call that cannot be understood. */
export interface UnreadableUse {
  readonly node: PyNode;
  readonly refusal: Refusal;
}

/** Every use of `multi_gpu_model` in a file. */
export interface WrapUses {
  readonly sites: readonly WrapSite[];
  readonly unreadable: readonly UnreadableUse[];
  /** Tests on the name, which always hold once nothing imports it any more. */
  readonly nameTests: readonly PyNode[];
}

/**
 * Collects all uses.
 *
 * @param module - The file.
 * @param wrapperSignature - The signature of a callee that is one of the project's own wrappers.
 * @returns The calls that can be read, and the uses that cannot, each with its refusal.
 */
export function findWrapUses(
  module: PythonModule,
  wrapperSignature: (callee: PyNode) => WrapperSignature | undefined = () => undefined,
): WrapUses {
  const sites: WrapSite[] = [];
  const unreadable: UnreadableUse[] = [];
  const nameTests: PyNode[] = [];
  for (const node of module.source.nodes) {
    if (node.type === 'call' && asksForName(module, node)) {
      const test = testOfName(module, node);
      if (test === undefined) unreadable.push({ node, refusal: REFUSALS.functionLookedUpByName });
      else nameTests.push(test);
    }
    if (node.type !== 'identifier' && node.type !== 'attribute') continue;
    if (node.parent?.type === 'attribute' && node.field !== 'object') continue;
    if (isImportName(node) || isGlobalName(node)) continue;
    const signature = isKerasFunction(module, node) ? KERAS_SIGNATURE : wrapperSignature(node);
    if (signature === undefined || bindsName(module, node)) continue;
    const call = node.parent?.type === 'call' && node.field === 'function' ? node.parent : undefined;
    const test = call === undefined && signature === KERAS_SIGNATURE ? testOfName(module, node) : undefined;
    if (test !== undefined) {
      nameTests.push(test);
      continue;
    }
    const site = call === undefined ? REFUSALS.functionUsedAsValue : readWrapSite(module, call, signature);
    if (isRefusal(site)) unreadable.push({ node, refusal: site });
    else sites.push(site);
  }
  return { sites, unreadable, nameTests };
}

function isKerasFunction(module: PythonModule, node: PyNode): boolean {
  return module.origins.of(node).some(isLegacyFunction);
}

function bindsName(module: PythonModule, node: PyNode): boolean {
  if (node.type !== 'identifier') return false;
  return module.scopes.bindingOf(node)?.writes.some((write) => write.name === node) ?? false;
}

function isImportName(node: PyNode): boolean {
  return node.parent?.type === 'dotted_name' || node.parent?.type === 'aliased_import';
}

function isGlobalName(node: PyNode): boolean {
  return node.parent?.type === 'global_statement' || node.parent?.type === 'nonlocal_statement';
}
