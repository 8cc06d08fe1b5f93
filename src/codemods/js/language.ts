/** JavaScript and TypeScript as the engine sees them. */
import { type LanguageSupport } from '../migration.js';
import { markJavaScript } from './mark.js';
import { multiGpuModel } from './multi-gpu-model/index.js';
import { parseJavaScript, type JavaScriptSource } from './parse.js';

export const javascript: LanguageSupport<JavaScriptSource> = {
  language: 'javascript',
  migrations: [multiGpuModel],
  parse: parseJavaScript,
  mark: markJavaScript,
};
