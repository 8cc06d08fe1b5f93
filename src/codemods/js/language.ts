/** The language support for JavaScript and TypeScript: its parser, migrations and marker comments. Data only. */
import type { LanguageSupport } from '../migration.js';

import { commentedJavaScript } from './commented.js';
import { createModelInScope } from './create-model-in-scope/index.js';
import { markJavaScript } from './mark.js';
import { multiGpuModel } from './multi-gpu-model/index.js';
import { suppressionsInJavaScript } from './suppressions.js';
import { type JavaScriptSource, parseJavaScript } from './syntax/parse.js';
import { tfjsLegacy } from './tfjs-legacy/index.js';
import { tfjsNode } from './tfjs-node/index.js';

export const javascript: LanguageSupport<JavaScriptSource> = {
  language: 'javascript',
  migrations: [tfjsLegacy, tfjsNode, multiGpuModel, createModelInScope],
  parse: parseJavaScript,
  suppressions: suppressionsInJavaScript,
  commented: commentedJavaScript,
  mark: markJavaScript,
};
