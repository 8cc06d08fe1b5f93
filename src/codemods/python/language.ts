/**
 * Python as the engine sees it. Loading this module compiles the grammar, which takes some 25 ms; parsing is
 * synchronous from then on.
 */
import type { LanguageSupport } from '../migration.js';
import type { PythonSource } from './syntax/source.js';

import { kerasImports } from './keras-imports/index.js';
import { apiMigration } from './legacy-apis/api-migration.js';
import { API_GROUPS } from './legacy-apis/groups.js';
import { markPython } from './mark.js';
import { multiGpuModel } from './multi-gpu-model/index.js';
import { loadPythonParser } from './syntax/parser.js';

const parser = await loadPythonParser();

export const python: LanguageSupport<PythonSource> = {
  language: 'python',
  migrations: [...API_GROUPS.map(apiMigration), kerasImports(parser), multiGpuModel(parser)],
  parse: (path, text) => parser.parse(path, text),
  mark: markPython,
};
