/**
 * Finds files that Keras 3 does not write because of how their names end: whole models in checkpoints of `.hdf5`, and
 * weights in anything but `.weights.h5`. tf_keras takes every name. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';

import { callsIn } from '../../analysis/calls.js';
import { assignmentOf, callArguments, statementOf } from '../../analysis/statements.js';
import { reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { childByField, namedChildren, type PyNode } from '../../syntax/node.js';
import { pathInKeras } from '../find/legacy-api.js';

/** What a name has to end in. */
interface FileEnding {
  readonly node: PyNode;
  /** What the file has to end in, in the words of a report. */
  readonly needed: string;
}

/** How many arguments come before `save_weights_only`. */
const WEIGHTS_ONLY = 4;

const MAX_DEPTH = 4;

/** The names of files that Keras 3 refuses; a name whose end is not in view is not reported. */
export function refusedFileEndings(module: PythonModule): FileEnding[] {
  return callsIn(module.source.root).flatMap(({ call, callee }) => {
    const { positional, keywords } = callArguments(module.source, call);
    const method = childByField(callee, 'attribute');
    const isCheckpoint = module.origins
      .of(callee)
      .some((origin) => /^(callbacks\.)?ModelCheckpoint$/.test(pathInKeras(origin) ?? ''));
    const savesWeights = method !== undefined && module.source.textOf(method) === 'save_weights';
    if (!isCheckpoint && !savesWeights) return [];
    const path = keywords.get('filepath') ?? positional[0];
    const only = keywords.get('save_weights_only') ?? positional[WEIGHTS_ONLY];
    const ofWeights = savesWeights || only?.type === 'true';
    if (path === undefined || (isCheckpoint && only !== undefined && !/^(true|false)$/.test(only.type))) return [];
    const ending = endOf(module, path, 0);
    if (ending === undefined || (ofWeights ? /\.weights\.h5$/ : /\.(keras|h5)$/).test(ending)) return [];
    return [{ node: path, needed: ofWeights ? '.weights.h5' : '.keras' }];
  });
}

/** `.weights.h5` of `best.{epoch:02d}.weights.h5`; undefined without a dot. */
function extensionOf(text: string): string | undefined {
  const words = text.split('.').slice(1);
  const isWord = (word: string): boolean => /^\w+$/.test(word);
  const first = words.length - words.findLastIndex((word) => !isWord(word)) - 1;
  return first === 0
    ? undefined
    : words
        .slice(-first)
        .map((word) => `.${word}`)
        .join('');
}

/** The end of a text, as far as it is written out; it contains a dot. */
function endOf(module: PythonModule, node: PyNode, depth: number): string | undefined {
  const { source } = module;
  const last = (inner: PyNode | undefined): string | undefined =>
    inner === undefined || depth === MAX_DEPTH ? undefined : endOf(module, inner, depth + 1);
  switch (node.type) {
    case 'string':
      return extensionOf(source.textOf(node).replaceAll(/['"]/g, ''));
    case 'concatenated_string':
    case 'parenthesized_expression':
      return last(namedChildren(node).at(-1));
    case 'binary_operator':
      return last(childByField(node, source.textOf(node).includes('%') ? 'left' : 'right'));
    case 'call': {
      const callee = childByField(node, 'function');
      const method = callee === undefined ? undefined : childByField(callee, 'attribute');
      const name = method === undefined ? '' : source.textOf(method);
      if (name === 'format' && callee !== undefined) return last(childByField(callee, 'object'));
      return name === 'join' ? last(callArguments(source, node).positional.at(-1)) : undefined;
    }
    case 'identifier': {
      const variable = variableOf(module, node);
      const [only, ...others] = variable === undefined ? [] : reachingDefinitions(module, variable, statementOf(node));
      return only === undefined || others.length > 0 ? undefined : last(assignmentOf(only)?.right);
    }
    default:
      return undefined;
  }
}
