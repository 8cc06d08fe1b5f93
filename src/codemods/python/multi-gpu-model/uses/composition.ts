/**
 * Finds files that build a larger model from an attribute that holds a multi-GPU model. Reads files through
 * `SourceFiles`.
 */
import type { MigrationContext } from '../../../migration.js';
import type { PythonParser } from '../../syntax/parser.js';
import type { CompositionSite } from '../plans/file-environment.js';

import { projectRoot, pythonFiles } from '../../project/project-files.js';

import { mayReferToClass } from './same-class.js';

/**
 * The first such file, if there is one.
 *
 * @param parser - Parses the other files.
 * @param context - The file of the class.
 * @param attribute - The attribute that holds the model.
 * @param owner - The name of the class. A file that imports this name from another module refers to another class.
 * @returns Where that file reads the model.
 */
export function findComposition(
  parser: PythonParser,
  context: MigrationContext,
  attribute: string,
  owner: string | undefined,
): CompositionSite | undefined {
  const { files, absolutePath } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return undefined;
  const taken = takenAsPart(attribute);
  for (const path of pythonFiles(files, root)) {
    const text = path === absolutePath ? undefined : files.read(path);
    const match = text === undefined ? null : taken.exec(text);
    if (text === undefined || match === null || !mayReferToClass(parser, context, path, text, owner)) continue;
    const start = match.index + match[0].search(/\w/);
    const file = path.startsWith(root) ? path.slice(root.length).replace(/^\/+/, '') : path;
    return {
      text: /^[\w.]+/.exec(text.slice(start))?.[0] ?? attribute,
      file,
      line: text.slice(0, start).split('\n').length,
    };
  }
  return undefined;
}

/**
 * Matches `x.model(y)`, `Sequential([x.model, …])`, `add(x.model)`, `x.model.output` and `m = x.model`, for any `x`,
 * even an attribute of `self`.
 */
function takenAsPart(attribute: string): RegExp {
  const holder = `(?<![\\w.])(?!self\\.${attribute}\\b)(?:\\w+\\.)+${attribute}`;
  const called = `${holder}\\(\\s*[\\[\\w]`;
  const listed = `(?:\\[|\\.add\\(|,)\\s*${holder}\\s*[\\],)]`;
  const continued = `${holder}\\.(?:inputs?|outputs?)\\b`;
  const renamed = `=\\s*${holder}[ \\t]*(?:#.*)?$`;
  return new RegExp([called, listed, continued, renamed].join('|'), 'm');
}
