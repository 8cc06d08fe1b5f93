/** Writes keywords and positions that only standalone Keras still accepts as TensorFlow's Keras names them. Pure. */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';

import { callsIn } from '../../analysis/calls.js';
import { callArguments } from '../../analysis/statements.js';
import { childByField, namedChildren, type PyNode } from '../../syntax/node.js';
import { isStandalone } from '../moved-path.js';

import { RENAMED_KEYWORDS, RENAMED_METHOD_KEYWORDS } from './renamed-keywords-table.js';

/** `Conv2D(32, 3, 3)` has a kernel of 3 × 3 in standalone Keras, and strides of 3 in TensorFlow's. */
const TWO_SIZES = /^layers\.(\w+\.)*Conv(olution)?2D$/;

/** The edits for the calls of a file. */
export function renameKeywords(module: PythonModule): TextEdit[] {
  return callsIn(module.source.root).flatMap(({ call, callee }) => {
    const origin = module.origins.single(callee);
    if (origin !== undefined && isStandalone(origin)) {
      const below = origin.replace(/^keras\.?/, '');
      const names = RENAMED_KEYWORDS.find(([path]) => path.test(below))?.[1];
      return [...renamed(module, call, names), ...(TWO_SIZES.test(below) ? withOneSize(module, call) : [])];
    }
    const method = childByField(callee, 'attribute');
    return method === undefined ? [] : renamed(module, call, RENAMED_METHOD_KEYWORDS.get(module.source.textOf(method)));
  });
}

function renamed({ source }: PythonModule, call: PyNode, names: ReadonlyMap<string, string> | undefined): TextEdit[] {
  if (names === undefined) return [];
  return namedChildren(childByField(call, 'arguments') ?? call).flatMap((argument) => {
    const name = argument.type === 'keyword_argument' ? childByField(argument, 'name') : undefined;
    const to = name === undefined ? undefined : names.get(source.textOf(name));
    return name === undefined || to === undefined ? [] : [{ start: name.start, end: name.end, text: to }];
  });
}

function withOneSize({ source }: PythonModule, call: PyNode): TextEdit[] {
  const { positional } = callArguments(source, call);
  const [, rows, columns, ...others] = positional;
  if (rows?.type !== 'integer' || columns?.type !== 'integer' || others.length > 0) return [];
  return [{ start: rows.start, end: columns.end, text: `(${source.textOf(rows)}, ${source.textOf(columns)})` }];
}
