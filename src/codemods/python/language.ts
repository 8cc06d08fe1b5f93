/**
 * Python support for the engine. Loading this module compiles the grammar, which takes about 25 ms; parsing is
 * synchronous afterwards.
 */
import type { LanguageSupport } from '../migration.js';
import type { PythonSource } from './syntax/source.js';

import { kerasImports } from './keras-imports/index.js';
import { LEGACY_API_MIGRATIONS } from './legacy-apis/migrations.js';
import { legacyApiMigration } from './legacy-apis/plan.js';
import { markPython } from './mark.js';
import { multiGpuModel } from './multi-gpu-model/index.js';
import { loadPythonParser } from './syntax/parser.js';

const parser = await loadPythonParser();

export const python: LanguageSupport<PythonSource> = {
  language: 'python',
  migrations: [...LEGACY_API_MIGRATIONS.map(legacyApiMigration), kerasImports(parser), multiGpuModel(parser)],
  parse: (path, text) => parser.parse(path, text),
  mark: markPython,
};
