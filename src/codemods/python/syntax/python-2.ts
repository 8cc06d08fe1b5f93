/** Recognizes files that are written for Python 2, which generated code must not prevent it from reading. Pure. */
import { descendants, type PyNode } from './node.js';

const ONLY_IN_PYTHON_2: ReadonlySet<string> = new Set(['print_statement', 'exec_statement']);

/** Whether a file contains a statement that Python 3 no longer has, such as `print "Done"`. */
export function isPython2(root: PyNode): boolean {
  for (const node of descendants(root)) if (ONLY_IN_PYTHON_2.has(node.type)) return true;
  return false;
}
