/** Finds other files that train the model in an attribute. Reads files through `SourceFiles`. */
import type { MigrationContext } from '../../../migration.js';
import type { PythonParser } from '../../syntax/parser.js';

import { COMPILES_OR_TRAINS, HOLDS_VARIABLES } from '../../lifecycle/vocabulary-table.js';
import { projectRoot, pythonFiles } from '../../project/project-files.js';

import { mayReferToClass } from './same-class.js';

/**
 * Whether another file trains the attribute. `self.model` counts where the file names the class, because the file may
 * define a subclass.
 *
 * @param parser - Parses the other files.
 * @param context - The file of the class.
 * @param attribute - The attribute that holds the model.
 * @param owner - The name of the class.
 * @param orPassOn - Whether passing the model on counts, too.
 * @returns Whether there is such a file.
 */
export function isTrainedInOtherFiles(
  parser: PythonParser,
  context: MigrationContext,
  attribute: string,
  owner: string | undefined,
  orPassOn: boolean,
): boolean {
  const { files, absolutePath } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return false;
  const uses = trainingUses(attribute);
  return pythonFiles(files, root).some((path) => {
    const text = path === absolutePath ? undefined : files.read(path);
    if (text?.includes(attribute) !== true) return false;
    const names = owner === undefined || text.includes(owner);
    const extendsOwner = owner === undefined || new RegExp(`\\bclass\\s+\\w+\\s*\\([^)]*\\b${owner}\\b`).test(text);
    return [...text.matchAll(uses)].some(([use, holder]) => {
      if (holder !== undefined) return holder !== 'self' || names;
      return (
        orPassOn &&
        names &&
        (extendsOwner || !/\bself\s*\.\s*\w+$/.test(use)) &&
        mayReferToClass(parser, context, path, text, owner)
      );
    });
  });
}

/**
 * Matches `x.model.fit(` for every `x`, with `x` as the first group, and uses that pass the model on: `f(x.model)`,
 * `[x.model]`, `return x.model`.
 */
function trainingUses(attribute: string): RegExp {
  const trained = `(\\w+)\\s*\\.\\s*${attribute}\\s*\\.\\s*(?:(?:${[...COMPILES_OR_TRAINS].join('|')})\\s*\\(|${[...HOLDS_VARIABLES].join('|')})`;
  const passedOn = `(?<!print|plot_model|save_model)(?:[(\\[{,*:]|[^=!<>]=|\\breturn\\b|\\byield\\b)\\s*[\\w.]+(?:\\([^()]*\\))?\\s*\\.\\s*${attribute}\\b(?!\\s*[.(=])`;
  return new RegExp(`${trained}|${passedOn}`, 'g');
}
