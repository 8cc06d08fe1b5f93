/**
 * Finds the name of the backend in code: `tensorflow` for tfjs-node, `mirrorscope` for `mirrorscope/node`. A name that
 * the code sets or compares is rewritten. Any other string `'tensorflow'` may be a backend name, too, and is an
 * obstacle. Pure.
 */
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Found, Replacement } from './found.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { memberPath, type OriginReference, type Origins } from '../origins/origin.js';
import { TFJS_NODE_REFUSALS } from '../refusal-messages-table.js';
import { literalString, type Node, walk } from '../syntax/syntax-tree.js';

import { literalEdit } from './literal-edit.js';
import { NEW_BACKEND, OLD_BACKEND, REPLACEMENT } from './modules.js';

/** Functions whose first argument is the name of a backend. */
const TAKES_NAME: ReadonlySet<string> = new Set(['setBackend', 'findBackend', 'findBackendFactory', 'removeBackend']);

/** Functions that take or return names of backends in any way. */
const USES_NAMES: ReadonlySet<string> = new Set([
  ...TAKES_NAME,
  'getBackend',
  'engine',
  'backend',
  'registerBackend',
  'registerKernel',
  'unregisterKernel',
  'getKernel',
  'getKernelsForBackend',
  'copyRegisteredKernels',
]);

const EQUALITY: ReadonlySet<string> = new Set(['===', '!==', '==', '!=']);

/** Finds nothing in a file that uses none of these functions, because there the string means something else. */
export function findBackendNames(source: JavaScriptSource, { references }: Origins): Found {
  const nameUses = references.filter(
    ({ origin, usage }) => usage !== 'type' && USES_NAMES.has(memberPath(origin.path)[0] ?? ''),
  );
  if (nameUses.length === 0) return { replacements: [], obstacles: [], remarks: [] };
  const replacements = nameUses.flatMap((reference): Replacement[] => {
    const literal = nameBeside(reference);
    if (literal === undefined) return [];
    const api = `tf.${memberPath(reference.origin.path)[0] ?? ''}('${OLD_BACKEND}')`;
    return [
      {
        at: literal,
        api,
        message: `The backend of ${REPLACEMENT} is called '${NEW_BACKEND}'.`,
        edits: [literalEdit(source.text, literal, NEW_BACKEND)],
      },
    ];
  });
  const known = new Set<unknown>(replacements.map(({ at }) => at));
  const others: Node[] = [];
  walk(source.ast, source.visitorKeys, (node) => {
    if (literalString(node) === OLD_BACKEND && !known.has(node)) others.push(node);
  });
  const obstacles = others.map((at) => ({
    at,
    api: `'${OLD_BACKEND}'`,
    refusal: TFJS_NODE_REFUSALS.possibleBackendName,
  }));
  return { replacements, obstacles, remarks: [] };
}

/** `setBackend('tensorflow')`, `getBackend() === 'tensorflow'`: the string. */
function nameBeside({ origin, outermost }: OriginReference): Node | undefined {
  const path = memberPath(origin.path);
  const call = outermost.parent;
  if (path.length !== 1 || call?.type !== AST_NODE_TYPES.CallExpression || call.callee !== outermost) return undefined;
  if (TAKES_NAME.has(path[0] ?? '')) return oldName(call.arguments[0]);
  if (path[0] !== 'getBackend') return undefined;
  const { parent } = call;
  if (parent.type !== AST_NODE_TYPES.BinaryExpression || !EQUALITY.has(parent.operator)) return undefined;
  return oldName(parent.left === call ? parent.right : parent.left);
}

function oldName(node: Node | undefined): Node | undefined {
  return node !== undefined && literalString(node) === OLD_BACKEND ? node : undefined;
}
