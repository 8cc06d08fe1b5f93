/** Whether another file of the project builds a larger model out of an attribute that holds a wrapped one. */
import type { MigrationContext } from '../../../migration.js';
import type { PythonParser } from '../../syntax/parser.js';

import { projectRoot, pythonFiles } from '../../project/project-files.js';

import { mayMeanClass } from './same-class.js';

/** A place of another file. */
export interface ComposedPlace {
  /** What it takes, e.g. `gan.model`. */
  readonly text: string;
  /** Below the project's folder. */
  readonly file: string;
  readonly line: number;
}

/**
 * The first such place, if there is one.
 *
 * @param owner The class that has the attribute; a file that takes a class of that name from elsewhere means another one.
 */
export function composedElsewhere(
  parser: PythonParser,
  context: MigrationContext,
  attribute: string,
  owner: string | undefined,
): ComposedPlace | undefined {
  const { files, absolutePath } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return undefined;
  const called = takenAsPart(attribute);
  for (const path of pythonFiles(files, root)) {
    const text = path === absolutePath ? undefined : files.read(path);
    const taken = text === undefined ? null : called.exec(text);
    if (text === undefined || taken === null || !mayMeanClass(parser, context, path, text, owner)) continue;
    const start = taken.index + taken[0].search(/\w/);
    const file = path.startsWith(root) ? path.slice(root.length).replace(/^\/+/, '') : path;
    return {
      text: /^[\w.]+/.exec(text.slice(start))?.[0] ?? attribute,
      file,
      line: text.slice(0, start).split('\n').length,
    };
  }
  return undefined;
}

/** `x.model(y)`, `Sequential([x.model, …])`, `add(x.model)`, `x.model.output` and `m = x.model`, whatever `x` is, an attribute of `self` too. */
function takenAsPart(attribute: string): RegExp {
  const holder = `(?<![\\w.])(?!self\\.${attribute}\\b)(?:\\w+\\.)+${attribute}`;
  const called = `${holder}\\(\\s*[\\[\\w]`;
  const listed = `(?:\\[|\\.add\\(|,)\\s*${holder}\\s*[\\],)]`;
  const continued = `${holder}\\.(?:inputs?|outputs?)\\b`;
  const renamed = `=\\s*${holder}[ \\t]*(?:#.*)?$`;
  return new RegExp([called, listed, continued, renamed].join('|'), 'm');
}
