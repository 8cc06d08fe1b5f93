/** The comments of Python that leave findings out. Pure. */
import type { PythonSource } from './syntax/source.js';

import { mayHaveSuppressions, type Suppression, suppressionsIn } from '../suppressions/suppression.js';

/** The suppressions of a text, in source order. */
export function suppressionsInPython(source: PythonSource): readonly Suppression[] {
  if (!mayHaveSuppressions(source.text)) return [];
  const comments = source.nodes
    .filter(({ type }) => type === 'comment')
    .map((node) => ({ text: source.textOf(node).replace(/^#+/, ''), start: node.start, end: node.end }));
  return suppressionsIn(source.text, comments);
}
