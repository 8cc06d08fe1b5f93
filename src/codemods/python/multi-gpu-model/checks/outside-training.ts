/** Checks what code of the same file does with an attribute outside the class that wraps it. Pure. */
import type { PythonModule } from '../../analysis/module.js';

import { assignmentOf, enclosingClass, statementOf } from '../../analysis/statements.js';
import { COMPILES_OR_TRAINS, HOLDS_VARIABLES } from '../../lifecycle/vocabulary-table.js';
import { childByField, contains, type PyNode } from '../../syntax/node.js';

/** Calls that only show or save a model. */
const SHOWS = /^(print|len|str|repr|type|id|isinstance)$|plot_model$|save_model$/;

/**
 * Whether code outside the class trains the model that an attribute holds (`detector.model.fit(...)` for any object
 * `detector`), or passes the model to code that may train it.
 */
export function isTrainedOutsideClass(module: PythonModule, owner: PyNode | undefined, attribute: string): boolean {
  return module.identifiersNamed(attribute).some((name) => {
    const holder = name.field === 'attribute' && name.parent?.type === 'attribute' ? name.parent : undefined;
    if (holder === undefined || (owner !== undefined && contains(owner, holder))) return false;
    return isTrained(module, holder) || (!belongsToOtherClass(module, holder) && isPassedOn(module, holder));
  });
}

/** Whether `self.model` is an attribute of another class that has no base class. */
function belongsToOtherClass(module: PythonModule, holder: PyNode): boolean {
  const own = enclosingClass(holder);
  return (
    module.source.textOf(holder).startsWith('self.') &&
    (own === undefined || childByField(own, 'superclasses') === undefined)
  );
}

/** Whether an expression that holds a model trains it: `detector.model.fit(...)`. */
export function isTrained(module: PythonModule, holder: PyNode): boolean {
  const use = holder.parent?.type === 'attribute' && holder.field === 'object' ? holder.parent : undefined;
  const name = use === undefined ? undefined : childByField(use, 'attribute');
  const text = name === undefined ? '' : module.source.textOf(name);
  return COMPILES_OR_TRAINS.has(text) || HOLDS_VARIABLES.has(text);
}

/** Whether an expression is assigned to another name, becomes an argument or an element, or is returned. */
export function isPassedOn(module: PythonModule, expression: PyNode): boolean {
  const { parent } = expression;
  if (parent === undefined) return false;
  if (parent.type === 'argument_list') {
    const callee = childByField(parent.parent ?? parent, 'function');
    return callee === undefined || !SHOWS.test(module.source.textOf(callee));
  }
  if (
    /^(keyword_argument|list|tuple|set|pair|list_splat|expression_list|return_statement|yield|lambda|conditional_expression)$/.test(
      parent.type,
    )
  )
    return true;
  return assignmentOf(statementOf(expression))?.right === expression;
}
