/** What the arguments of `npm run new` ask for. Pure. */

/** @import { Template } from './template.js' */

/**
 * Reads the arguments.
 * @param {readonly string[]} words - The arguments: a kind and a name.
 * @param {ReadonlyMap<string, Template>} templates - What can be made.
 * @returns {{ template: Template, name: string }} What to make.
 * @throws {Error} When an argument is wrong: the message says which one, and what it should be.
 */
export function readRequest(words, templates) {
  const [kind, name, ...others] = words;
  if (kind === undefined) throw new Error(usage(templates));
  const template = templates.get(kind);
  if (template === undefined) throw new Error(`There is no kind "${kind}".\n\n${usage(templates)}`);
  const wanted = `Write ${template.nameForm}, such as npm run new -- ${kind} ${template.example}`;
  if (name === undefined) throw new Error(`The name is missing. ${wanted}`);
  if (others.length > 0) throw new Error(`There is one argument too many: "${others.join(' ')}". ${wanted}`);
  if (!template.namePattern.test(name)) throw new Error(`"${name}" cannot be the name of a ${kind}. ${wanted}`);
  return { template, name };
}

/** @param {ReadonlyMap<string, Template>} templates - What can be made. */
function usage(templates) {
  const kinds = [...templates].map(([kind, { example, summary }]) => `  ${kind} ${example}\n      ${summary}`);
  return ['Usage: npm run new -- KIND NAME', '', ...kinds].join('\n');
}
