/** Names the place of an obstacle in a refusal, when it is not the refused call itself. Pure. */
import type { PythonModule } from './analysis/module.js';
import type { PyNode } from './syntax/node.js';

import { Refusal } from '../refusal.js';

import { statementOf } from './analysis/statements.js';

/** Longer code is cut off. */
const MAX_LENGTH = 80;

/** The refusal with the line of an obstacle, its file if that is another one, and the code that stands there. */
export function refusalAt(
  { source }: PythonModule,
  { reason, message }: Refusal,
  obstacle: PyNode,
  file?: string,
): Refusal {
  const { start } = statementOf(obstacle);
  const line = source.lineAt(Math.max(start, source.lineStart(source.lineAt(obstacle.start))));
  const code = source.lineText(line).trim();
  const shown = code.length > MAX_LENGTH ? `${code.slice(0, MAX_LENGTH - 1).trimEnd()}…` : code;
  return new Refusal(reason, `${message} (${file === undefined ? '' : `${file}, `}line ${line + 1}: ${shown})`);
}
