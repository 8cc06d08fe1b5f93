/**
 * The name of the backend in code: `tensorflow` with tfjs-node, `mirrorscope` with ours. Where it is set or compared the name goes
 * along; a string of that name that may be one stands in the way.
 */
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Found, SwapPlace } from './place.js';

import { AST_NODE_TYPES } from '@typescript-eslint/types';

import { RefusalReason } from '../../refusal-reason.js';
import { memberPath, type OriginReference, type Origins } from '../origins/origin.js';
import { literalString, type Node, walk } from '../syntax/syntax-tree.js';

import { literalEdit } from './literal-edit.js';
import { NEW_BACKEND, OLD_BACKEND, REPLACEMENT } from './modules.js';

/** Functions that take the name first and mean the backend of that name, whoever wrote it. */
const TAKES_NAME: ReadonlySet<string> = new Set(['setBackend', 'findBackend', 'findBackendFactory', 'removeBackend']);

/** Functions through which a name may come or go in other ways. */
const DEALS_IN_NAMES: ReadonlySet<string> = new Set([
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

/** Nothing where the file reaches none of these functions: the string is about something else. */
export function findBackendNames(source: JavaScriptSource, { references }: Origins): Found {
  const dealing = references.filter(
    ({ origin, usage }) => usage !== 'type' && DEALS_IN_NAMES.has(memberPath(origin.path)[0] ?? ''),
  );
  if (dealing.length === 0) return { places: [], obstacles: [], remarks: [] };
  const places = dealing.flatMap((reference): SwapPlace[] => {
    const literal = nameBeside(reference);
    if (literal === undefined) return [];
    const api = `tf.${memberPath(reference.origin.path)[0]}('${OLD_BACKEND}')`;
    return [
      {
        at: literal,
        api,
        message: `The backend of ${REPLACEMENT} is called '${NEW_BACKEND}'.`,
        edits: [literalEdit(source.text, literal, NEW_BACKEND)],
      },
    ];
  });
  const known = new Set<unknown>(places.map(({ at }) => at));
  const others: Node[] = [];
  walk(source.ast, source.visitorKeys, (node) => {
    if (literalString(node) === OLD_BACKEND && !known.has(node)) others.push(node);
  });
  const obstacles = others.map((at) => ({
    at,
    api: `'${OLD_BACKEND}'`,
    message: `This may be the name of a backend, and that of ${REPLACEMENT} is called '${NEW_BACKEND}'.`,
    reason: RefusalReason.MeaningChanged,
  }));
  return { places, obstacles, remarks: [] };
}

/** `setBackend('tensorflow')`, `getBackend() === 'tensorflow'`: the string. */
function nameBeside({ origin, outermost }: OriginReference): Node | undefined {
  const path = memberPath(origin.path);
  const call = outermost.parent;
  if (path.length !== 1 || call?.type !== AST_NODE_TYPES.CallExpression || call.callee !== outermost) return undefined;
  if (TAKES_NAME.has(path[0]!)) return oldName(call.arguments[0]);
  if (path[0] !== 'getBackend') return undefined;
  const { parent } = call;
  if (parent.type !== AST_NODE_TYPES.BinaryExpression || !EQUALITY.has(parent.operator)) return undefined;
  return oldName(parent.left === call ? parent.right : parent.left);
}

function oldName(node: Node | undefined): Node | undefined {
  return node !== undefined && literalString(node) === OLD_BACKEND ? node : undefined;
}
