/** The migration `create-model-in-scope` for JavaScript and TypeScript. */
import type { Migration } from '../../migration.js';
import type { JavaScriptSource } from '../syntax/parse.js';

import { createModelInScopeInfo } from './info.js';
import { planCreateModelInScope } from './plan.js';

export const createModelInScope: Migration<JavaScriptSource> = {
  ...createModelInScopeInfo,
  plan: (source) => planCreateModelInScope(source),
};
