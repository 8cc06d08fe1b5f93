/** Rewrites the path after the base of a member chain: `tf.fromPixels` becomes `tf.browser.fromPixels`. Pure. */
import type { TextEdit } from '../../result.js';
import type { OriginReference, Step } from '../origins/origin.js';
import type { Rewriting } from './site.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

/** The position of a legacy path in a member chain. */
export interface Located {
  readonly reference: OriginReference;
  /** The path from the module to the base of the chain. */
  readonly basePath: readonly string[];
  /** The member accesses that lead from the base to the legacy name. */
  readonly steps: readonly Step[];
}

/** Whether the same base leads to the new path. */
export function isReachable({ basePath }: Located, to: readonly string[]): boolean {
  return to.length > basePath.length && basePath.every((name, index) => to[index] === name);
}

/**
 * Replaces the old path by the new one, and keeps the part that both share.
 *
 * @returns The edits; `undefined` when a comment, `?.` or computed names prevent them.
 */
export function memberNameEdits(text: string, located: Located, rewriting: Rewriting): TextEdit[] | undefined {
  const { steps, basePath } = located;
  const { to = [] } = rewriting;
  const suffix: string = rewriting.suffix ?? '';
  const names = to.slice(basePath.length);
  let same = 0;
  while (same < steps.length - 1 && same < names.length - 1 && steps[same]?.name === names[same]) same += 1;
  const replaced = steps.slice(same);
  const written = names.slice(same);
  const [first, last] = [replaced[0], replaced.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  if (replaced.every((step) => !isComputed(step))) {
    const isPlain = replaced.every((step, index) => {
      const next = replaced[index + 1];
      return next === undefined || /^\s*\.\s*$/.test(text.slice(step.property.range[1], next.property.range[0]));
    });
    return isPlain
      ? [{ start: first.property.range[0], end: last.property.range[1], text: written.join('.') + suffix }]
      : undefined;
  }
  if (first.node.type !== AST_NODE_TYPES.MemberExpression) return undefined;
  const [name, ...others] = written;
  if (replaced.length === 1 && name !== undefined && others.length === 0 && suffix === '') {
    const quote = text.charAt(first.property.range[0]);
    return [{ start: first.property.range[0], end: first.property.range[1], text: quote + name + quote }];
  }
  const start = first.node.object.range[1];
  const between = text.slice(start, last.node.range[1]);
  if (!/^(?:\s*\.\s*[\w$]+|\s*\[\s*(['"`])[\w$]+\1\s*\])+$/.test(between)) return undefined;
  return [{ start, end: last.node.range[1], text: `.${written.join('.')}${suffix}` }];
}

function isComputed({ node }: Step): boolean {
  return node.type === AST_NODE_TYPES.MemberExpression && node.computed;
}
