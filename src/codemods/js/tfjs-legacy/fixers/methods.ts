/** Fixers for methods of a receiver whose type is proved. Pure. */
import type { TextEdit } from '../../../result.js';
import type { Fixer, Site } from '../site.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { RefusalReason } from '../../../refusal-reason.js';
import { hasSpread } from '../call-site.js';

import { permutation } from './arguments.js';

export const renameMethod: Fixer<'rename-method'> = (site, { to }) => ({ edits: [methodName(site, to)] });

export const permuteMethodArguments: Fixer<'permute-method-arguments'> = (site, { to, order }) => {
  const { call, file } = site;
  if (call === undefined) return RefusalReason.NotCalledDirectly;
  if (hasSpread(call)) return RefusalReason.DynamicArguments;
  const edits = permutation(call, order, file);
  return typeof edits === 'string' ? edits : { edits: [methodName(site, to), ...edits] };
};

function methodName({ node, file }: Site, to: string): TextEdit {
  if (node.type !== AST_NODE_TYPES.MemberExpression) throw new TypeError('A method call needs a member expression.');
  const { property, computed } = node;
  const quote = computed ? file.source.text.charAt(property.range[0]) : '';
  return { start: property.range[0], end: property.range[1], text: quote + to + quote };
}
