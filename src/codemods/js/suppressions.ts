/** The comments of JavaScript that leave findings out. Pure. */
import type { JavaScriptSource } from './syntax/parse.js';

import { mayHaveSuppressions, type Suppression, suppressionsIn } from '../suppressions/suppression.js';

/** The suppressions of a file, in source order. */
export function suppressionsInJavaScript({ text, ast }: JavaScriptSource): readonly Suppression[] {
  if (!mayHaveSuppressions(text)) return [];
  const comments = (ast.comments ?? []).map(({ value, range: [start, end] }) => ({ text: value, start, end }));
  return suppressionsIn(text, comments);
}
