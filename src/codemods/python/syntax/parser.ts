/**
 * Parses Python text. `loadPythonParser` is asynchronous, because it compiles the grammar's WebAssembly file; parsing
 * is synchronous. Reads files of installed packages.
 */
import { createRequire } from 'node:module';

import { Language, Parser } from 'web-tree-sitter';

import { nestedTooDeeply } from '../../nested-too-deeply.js';

import { copyTree, nodeType } from './copy-tree.js';
import { PythonSource } from './source.js';

/** Turns a text into its tree. Never throws on bad syntax: see {@link PythonSource.syntaxErrors}. */
export interface PythonParser {
  parse(path: string, text: string): PythonSource;
}

/**
 * Prepares a parser. The grammar accepts Python 3 and the statements of Python 2 (`print x`).
 *
 * @throws {Error} When the grammar's file is missing from the installation.
 */
export async function loadPythonParser(): Promise<PythonParser> {
  const require = createRequire(import.meta.url);
  const runtime = require.resolve('web-tree-sitter/web-tree-sitter.wasm');
  await Parser.init({ locateFile: () => runtime });
  const language = await Language.load(require.resolve('tree-sitter-python/tree-sitter-python.wasm'));
  const parser = new Parser();
  parser.setLanguage(language);
  const types = Array.from(language.types, nodeType);
  return {
    parse(path, text) {
      return new PythonSource(path, text, () => {
        const tree = parser.parse(text);
        if (tree === null) throw new Error(`The Python parser gave up on ${path}.`);
        try {
          const root = copyTree(tree, text.length, types);
          if (root === undefined) throw nestedTooDeeply();
          return root;
        } finally {
          tree.delete();
        }
      });
    },
  };
}
