/** Recognizes calls in the legacy form that an entry describes. Pure. */
import type { LegacyCall } from '../../../catalogue/catalogue-entry.js';
import type { Names } from '../syntax/names.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { literalString } from '../syntax/syntax-tree.js';

import { type Call, constantOf, hasShape, hasSpread, isAwaited, propertyNamed, statementOf } from './call-site.js';

/** Facts about the file as a whole. */
export interface FileFacts {
  readonly names: Names;
  /** Every module that the file loads, as written. */
  readonly modules: ReadonlySet<string>;
}

/** Whether the code proves that every condition of the entry is met. */
export function isLegacyCall(call: Call | undefined, legacy: LegacyCall, { names, modules }: FileFacts): boolean {
  if (call === undefined) return false;
  const { arguments: given } = call;
  if (legacy.construct && call.type !== AST_NODE_TYPES.NewExpression) return false;
  if (legacy.minimumArguments !== undefined && given.length < legacy.minimumArguments) return false;
  if (legacy.maximumArguments !== undefined && (given.length > legacy.maximumArguments || hasSpread(call)))
    return false;
  if (legacy.argument !== undefined) {
    const argument = given[legacy.argument.index];
    if (argument === undefined || hasSpread(call) || !hasShape(argument, legacy.argument.shape, names)) return false;
  }
  if (legacy.option !== undefined) {
    const options = given[legacy.option.index];
    if (options === undefined || !legacy.option.names.some((name) => propertyNamed(options, name) !== undefined))
      return false;
  }
  if (legacy.firstArgumentIs !== undefined) {
    const first = given[0] === undefined ? undefined : literalString(constantOf(given[0], names));
    if (first === undefined || !legacy.firstArgumentIs.includes(first)) return false;
  }
  if (legacy.besideImportOf?.some((module) => modules.has(module)) === false) return false;
  if (legacy.withoutImportOf?.some((module) => modules.has(module))) return false;
  if (legacy.valueUnused && statementOf(call) === undefined) return false;
  if (legacy.notAwaited && isAwaited(call)) return false;
  return true;
}
