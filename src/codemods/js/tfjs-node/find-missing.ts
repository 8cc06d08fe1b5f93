/**
 * Finds uses that `mirrorscope/node` does not support: members that it lacks, and changes of the module itself. Pure.
 */
import type { Obstacle } from './found.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import {
  MIRRORSCOPE_NODE_EXPORTS,
  MIRRORSCOPE_NODE_MEMBERS,
} from '../../../catalogue/mirrorscope-node-exports-table.js';
import { type Binding, memberPath, type OriginReference, type Origins } from '../origins/origin.js';
import { TFJS_NODE_REFUSALS } from '../refusal-messages-table.js';
import { memberName, type Node } from '../syntax/syntax-tree.js';

import { isSwapped } from './modules.js';

/** Functions that write to their first argument. */
const WRITERS: ReadonlySet<string> = new Set([
  'spyOn',
  'stub',
  'replace',
  'assign',
  'defineProperty',
  'defineProperties',
  'mockProperty',
]);

/** Members that CommonJS and compilers read from every module. */
const OF_ANY_MODULE: ReadonlySet<string> = new Set(['__esModule']);

export function findMissing({ references, bindings, reExports }: Origins, isTypeScript: boolean): Obstacle[] {
  const obstacles: Obstacle[] = [];
  for (const reference of references) {
    if (!isSwapped(reference.origin.module) || reference.usage === 'type') continue;
    const obstacle = missingMember(reference) ?? backendObject(reference) ?? replacedExport(reference);
    if (obstacle !== undefined) obstacles.push(obstacle);
  }
  // In TypeScript, a name that is imported and not used as a value may be a type, and `mirrorscope/node` has all types.
  if (isTypeScript) return obstacles;
  for (const binding of bindings) {
    if (!isSwapped(binding.origin.module) || binding.kind !== 'import-named' || isUsed(binding, references)) continue;
    obstacles.push(...missingAt(memberPath(binding.origin.path), binding.node));
  }
  for (const { origin, node } of reExports) {
    if (isSwapped(origin.module)) obstacles.push(...missingAt(memberPath(origin.path), node));
  }
  return obstacles;
}

function isUsed(binding: Binding, references: readonly OriginReference[]): boolean {
  return references.some((reference) => reference.binding === binding);
}

function missingMember({ origin, node }: OriginReference): Obstacle | undefined {
  return missingAt(memberPath(origin.path), node)[0];
}

function missingAt(path: readonly string[], at: Node): Obstacle[] {
  const [first, second] = path;
  if (first === undefined || OF_ANY_MODULE.has(first)) return [];
  const members = MIRRORSCOPE_NODE_MEMBERS.get(first);
  const isExported =
    MIRRORSCOPE_NODE_EXPORTS.has(first) &&
    (second === undefined || members === undefined || members.has(second) || second in Object.prototype);
  if (isExported) return [];
  const api = inCode(members === undefined ? [first] : path.slice(0, 2));
  return [{ at, api, refusal: TFJS_NODE_REFUSALS.missingMember(api) }];
}

function inCode(path: readonly string[]): string {
  return path.reduce((name, member) => name + (/^[\w$]+$/.test(member) ? `.${member}` : `['${member}']`), 'tf');
}

/** `tf.backend()` returns an object whose members depend on the backend. */
function backendObject({ origin, outermost }: OriginReference): Obstacle | undefined {
  const [name, ...more] = memberPath(origin.path);
  if (name !== 'backend' || more.length > 0) return undefined;
  const call = outermost.parent;
  if (
    call?.type === AST_NODE_TYPES.CallExpression &&
    call.callee === outermost &&
    call.parent.type === AST_NODE_TYPES.ExpressionStatement
  )
    return undefined;
  return {
    at: outermost,
    api: 'tf.backend',
    refusal: TFJS_NODE_REFUSALS.backendObject,
  };
}

/** Code that assigns to an export, or to which a test helper writes. */
function replacedExport({ origin, outermost }: OriginReference): Obstacle | undefined {
  const path = memberPath(origin.path);
  const { parent } = outermost;
  const isWritten =
    path.length === 1
      ? isTarget(parent, outermost)
      : path.length === 0 &&
        parent?.type === AST_NODE_TYPES.CallExpression &&
        parent.arguments[0] === outermost &&
        WRITERS.has(calledName(parent) ?? '');
  if (!isWritten) return undefined;
  return {
    at: outermost,
    api: path.length === 1 ? inCode(path) : origin.module,
    refusal: TFJS_NODE_REFUSALS.replacedExport,
  };
}

function isTarget(parent: Node | undefined, node: Node): boolean {
  if (node.type !== AST_NODE_TYPES.MemberExpression) return false;
  if (parent?.type === AST_NODE_TYPES.AssignmentExpression) return parent.left === node;
  return (
    parent?.type === AST_NODE_TYPES.UpdateExpression ||
    (parent?.type === AST_NODE_TYPES.UnaryExpression && parent.operator === 'delete')
  );
}

function calledName({ callee }: TSESTree.CallExpression): string | undefined {
  if (callee.type === AST_NODE_TYPES.Identifier) return callee.name;
  return callee.type === AST_NODE_TYPES.MemberExpression ? memberName(callee) : undefined;
}
