/** What a template is. Types only. */

/**
 * @typedef {object} Skeleton The files of one new thing.
 * @property {ReadonlyMap<string, string>} created - New files: path from the root of the repository, and content.
 * @property {ReadonlyMap<string, string>} changed - Existing files with their new content.
 * @property {readonly string[]} next - What the author does next, a sentence each.
 */

/**
 * @typedef {object} Template One kind of thing that can be generated.
 * @property {string} summary - What it writes, in one sentence.
 * @property {string} example - A name that could be given.
 * @property {RegExp} namePattern - The names it accepts.
 * @property {string} nameForm - The form of these names in words, for the message about another name.
 * @property {(name: string, read: (path: string) => string) => Skeleton} create - Makes the files. Pure, except that
 *   it reads existing files through `read`. Throws when the thing is already there.
 */

export {};
