/** Whether code outside of a class compiles or trains the model that an attribute holds, or takes it where that may happen. */
import type { MigrationContext } from '../../../migration.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonParser } from '../../syntax/parser.js';

import { assignmentOf, enclosingClass, statementOf } from '../../analysis/statements.js';
import { projectRoot, pythonFiles } from '../../project/project-files.js';
import { childByField, contains, type PyNode } from '../../syntax/node.js';

import { mayMeanClass } from './same-class.js';

const TRAINING_METHODS = 'compile|fit|fit_generator|train_on_batch';
const TRAINED_WEIGHTS = 'trainable_weights|trainable_variables';
const TRAINS = new RegExp(`^(${TRAINING_METHODS}|${TRAINED_WEIGHTS})$`);

/** Calls that do nothing with a model but show or save it. */
const SHOWS = /^(print|len|str|repr|type|id|isinstance)$|plot_model$|save_model$/;

/** `detector.model.fit(...)` in the file of the class but outside of it, whatever `detector` is; or the model goes on from there. */
export function isTrainedOutside(module: PythonModule, owner: PyNode | undefined, attribute: string): boolean {
  return module.identifiersNamed(attribute).some((name) => {
    const holder = name.field === 'attribute' && name.parent?.type === 'attribute' ? name.parent : undefined;
    if (holder === undefined || (owner !== undefined && contains(owner, holder))) return false;
    const use =
      holder.parent?.type === 'attribute' && holder.field === 'object'
        ? childByField(holder.parent, 'attribute')
        : undefined;
    return use === undefined
      ? !isOfAnotherClass(module, holder) && goesOn(module, holder)
      : TRAINS.test(module.source.textOf(use));
  });
}

/** `self.model` in a class that extends nothing is that of its own. */
function isOfAnotherClass(module: PythonModule, holder: PyNode): boolean {
  const own = enclosingClass(holder);
  return (
    module.source.textOf(holder).startsWith('self.') &&
    (own === undefined || childByField(own, 'superclasses') === undefined)
  );
}

/** Whether an expression gets another name, becomes an argument or an element, or is returned. */
function goesOn(module: PythonModule, expression: PyNode): boolean {
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

/**
 * The same in other files of the project; `self.model` counts where the class is named, for it may be a subclass.
 *
 * @param goingOn Whether it counts that a file takes the model; else only that it trains it.
 */
export function isTrainedInAnotherFile(
  parser: PythonParser,
  context: MigrationContext,
  attribute: string,
  owner: string | undefined,
  goingOn: boolean,
): boolean {
  const { files, absolutePath } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return false;
  const uses = usesThatTrain(attribute);
  return pythonFiles(files, root).some((path) => {
    const text = path === absolutePath ? undefined : files.read(path);
    if (text?.includes(attribute) !== true) return false;
    const names = owner === undefined || text.includes(owner);
    const extendsOwner = owner === undefined || new RegExp(`\\bclass\\s+\\w+\\s*\\([^)]*\\b${owner}\\b`).test(text);
    return [...text.matchAll(uses)].some(([use, holder]) => {
      if (holder !== undefined) return holder !== 'self' || names;
      return (
        goingOn &&
        names &&
        (extendsOwner || !/\bself\s*\.\s*\w+$/.test(use)) &&
        mayMeanClass(parser, context, path, text, owner)
      );
    });
  });
}

/** `x.model.fit(`, whoever has it; handed on, as in `f(x.model)`, `[x.model]` and `return x.model`, only in files that name the class. */
function usesThatTrain(attribute: string): RegExp {
  const trained = `(\\w+)\\s*\\.\\s*${attribute}\\s*\\.\\s*(?:(?:${TRAINING_METHODS})\\s*\\(|${TRAINED_WEIGHTS})`;
  const handed = `(?<!print|plot_model|save_model)(?:[(\\[{,*:]|[^=!<>]=|\\breturn\\b|\\byield\\b)\\s*[\\w.]+(?:\\([^()]*\\))?\\s*\\.\\s*${attribute}\\b(?!\\s*[.(=])`;
  return new RegExp(`${trained}|${handed}`, 'g');
}
