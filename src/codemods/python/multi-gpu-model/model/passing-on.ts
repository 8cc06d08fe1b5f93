/** Decides whether a use of a model lets other code train it. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';

/** Calls that print, plot, save or inspect a model, and callbacks of Keras, which receive the model anyway. */
const HARMLESS_CALLEES =
  /^(print|len|str|type|isinstance|plot_model|K\.|save_model|id|repr|set|list|getattr|hasattr)|plot_model$|Checkpoint|Callback|callbacks?\.|Cbk/;

/** Whether a `return` or a call passes the model on; printing or plotting it does not. */
export function passesModelOn(module: PythonModule, use: PyNode): boolean {
  if (use.type === 'return_statement') return true;
  return !HARMLESS_CALLEES.test(module.source.textOf(use.children[0] ?? use));
}
