/** Whether another file of the project builds a larger model out of an attribute that holds a wrapped one. */
import type { MigrationContext } from '../../migration.js';
import { projectRoot, pythonFiles } from '../project/project-files.js';
import type { PythonParser } from '../syntax/parser.js';
import { mayMeanClass } from './other-class.js';

/** @param owner The class that has the attribute; a file that takes a class of that name from elsewhere means another one. */
export function isComposedElsewhere(parser: PythonParser, context: MigrationContext, attribute: string, owner: string | undefined): boolean {
  const { files, absolutePath } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return false;
  const called = takenAsPart(attribute);
  return pythonFiles(files, root).some((path) => {
    const text = path === absolutePath ? undefined : files.read(path);
    if (text === undefined || !called.test(text)) return false;
    return mayMeanClass(parser, context, path, text, owner);
  });
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
