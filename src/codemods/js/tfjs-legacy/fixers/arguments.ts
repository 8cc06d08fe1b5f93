/** Fixers that rearrange the arguments of a call. The text of an argument never changes. Pure. */
import type { TextEdit } from '../../../result.js';
import type { MovedText } from '../moved-text.js';
import type { FileView, Fixer } from '../site.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { RefusalReason } from '../../../refusal-reason.js';
import { literalString, type Node } from '../../syntax/syntax-tree.js';
import { type Call, hasSpread } from '../call-site.js';
import { mayReorder, type PurityContext, purityOf } from '../purity.js';
import { lastItemRemoval } from '../text-removal.js';

export const permuteArguments: Fixer<'permute-arguments'> = ({ call, file }, { to, order, minimumArguments = 0 }) => {
  if (call === undefined) return RefusalReason.NotCalledDirectly;
  if (hasSpread(call)) return RefusalReason.DynamicArguments;
  if (call.arguments.length < minimumArguments) return RefusalReason.ConditionNotProved;
  const edits = permutation(call, order, file);
  return typeof edits === 'string' ? edits : { to, edits };
};

/** Puts the arguments of a call into another order; `order[i]` is the old index of the new argument i. */
export function permutation(call: Call, order: readonly number[], file: FileView): TextEdit[] | RefusalReason {
  const given = call.arguments;
  if (given.length > order.length) return RefusalReason.ConditionNotProved;
  // An argument that keeps its index is still evaluated earlier or later relative to those that move across it.
  const first = order.findIndex((old, index) => old !== index);
  if (!mayReorder(given.slice(first), purityContext(file))) return RefusalReason.EvaluationOrder;
  // `undefined` fills a missing argument, unless no argument follows.
  const arranged = order.map((old) => given[old]);
  while (arranged.length > 0 && isUndefined(arranged.at(-1), file)) arranged.pop();
  const edits: (TextEdit | MovedText)[] = [];
  given.slice(0, arranged.length).forEach((argument, index) => {
    const next = arranged[index];
    if (next === argument) return;
    const range = { start: startOf(argument, file), end: endOf(argument, file) };
    const isSame = isUndefined(next, file) && isUndefined(argument, file);
    if (!isSame) edits.push(next === undefined ? { ...range, text: 'undefined' } : { ...range, ...moved(next, file) });
  });
  const last = given.at(-1);
  if (last !== undefined) {
    const end = endOf(last, file);
    for (const next of arranged.slice(given.length)) {
      edits.push({ start: end, end, text: ', ' });
      edits.push(
        next === undefined ? { start: end, end, text: 'undefined' } : { start: end, end, ...moved(next, file) },
      );
    }
  }
  if (given.length > arranged.length) edits.push(...removals(call, arranged.length, file));
  return edits;
}

export const argumentsToObject: Fixer<'arguments-to-object'> = (
  { call, file },
  { to, from, names, constants = [], literal },
) => {
  if (call === undefined) return RefusalReason.NotCalledDirectly;
  if (hasSpread(call)) return RefusalReason.DynamicArguments;
  const properties = call.arguments.slice(from);
  const last = call.arguments.at(-1);
  if (last === undefined || call.arguments.length < from || properties.length > names.length)
    return RefusalReason.ConditionNotProved;
  if (literal === 'boolean' && !properties.every(isBooleanLiteral)) return RefusalReason.ConditionNotProved;
  const open = constants.map(([name, code]) => `${name}: ${code}`).join(', ');
  if (properties.length === 0) {
    const edits = open === '' ? [] : [{ start: endOf(last, file), end: endOf(last, file), text: `, {${open}}` }];
    return { to, edits };
  }
  const edits: TextEdit[] = properties.map((argument, index) => {
    const before = index === 0 ? `{${open === '' ? '' : `${open}, `}` : '';
    const name = names[index] ?? '';
    const isShorthand =
      argument.type === AST_NODE_TYPES.Identifier && argument.name === name && textOf(argument, file) === name;
    const start = startOf(argument, file);
    return { start, end: start, text: before + (isShorthand ? '' : `${name}: `) };
  });
  const end = endOf(last, file);
  return { to, edits: [...edits, { start: end, end, text: '}' }] };
};

export const dropArguments: Fixer<'drop-arguments'> = ({ call, file }, { keep, literal, to }) => {
  const renamed = to === undefined ? {} : { to };
  if (call === undefined) return to === undefined ? RefusalReason.NotCalledDirectly : { ...renamed, edits: [] };
  if (hasSpread(call)) return RefusalReason.DynamicArguments;
  const dropped = call.arguments.slice(keep);
  const [first, ...others] = dropped;
  const isLiteral = first !== undefined && others.length === 0 && literalString(first) === literal;
  if (literal !== undefined && !isLiteral) return RefusalReason.ConditionNotProved;
  const context = purityContext(file);
  if (dropped.some((argument) => purityOf(argument, context) === 'effect')) return RefusalReason.EvaluationOrder;
  return { ...renamed, edits: removals(call, keep, file) };
};

export function purityContext({ source, origins }: FileView): PurityContext {
  return { names: origins.names, visitorKeys: source.visitorKeys, originOf: (node) => origins.originOf(node) };
}

function textOf(node: Node, { source }: FileView): string {
  return source.text.slice(startOf(node, { source }), endOf(node, { source }));
}

/** The text of an argument, to be written elsewhere. */
function moved(argument: Node, file: FileView): Pick<MovedText, 'text' | 'movedFrom'> {
  return { text: textOf(argument, file), movedFrom: [startOf(argument, file), endOf(argument, file)] };
}

function isUndefined(argument: Node | undefined, file: FileView): boolean {
  return argument === undefined || textOf(argument, file) === 'undefined';
}

/**
 * Removes the arguments from an index on, each with the comma before it. The first argument has none and always stays.
 */
function removals(call: Call, keep: number, file: FileView): TextEdit[] {
  return call.arguments.slice(keep).flatMap((argument, index) => {
    const previous = call.arguments[keep + index - 1];
    if (previous === undefined) return [];
    return lastItemRemoval(file.source.text, endOf(previous, file), startOf(argument, file), endOf(argument, file));
  });
}

/** The start of an argument, including the parentheses around it. */
function startOf(node: Node, { source }: Pick<FileView, 'source'>): number {
  return node.range[0] - parenthesesAround(node, source.text).before;
}

function endOf(node: Node, { source }: Pick<FileView, 'source'>): number {
  return node.range[1] + parenthesesAround(node, source.text).after;
}

/** How many characters the parentheses directly around an argument take. The outermost pair belongs to the call. */
function parenthesesAround(node: Node, text: string): { before: number; after: number } {
  let [start, end] = node.range;
  for (;;) {
    const before = /\(\s*$/.exec(text.slice(Math.max(0, start - 200), start));
    const after = /^\s*\)/.exec(text.slice(end, end + 200));
    if (before === null || after === null) break;
    const outerEnd = node.parent?.range[1] ?? 0;
    const nextStart = start - before[0].length;
    const nextEnd = end + after[0].length;
    if (nextEnd >= outerEnd) break;
    [start, end] = [nextStart, nextEnd];
  }
  return { before: node.range[0] - start, after: end - node.range[1] };
}

function isBooleanLiteral(node: Node): boolean {
  return node.type === AST_NODE_TYPES.Literal && typeof node.value === 'boolean';
}
