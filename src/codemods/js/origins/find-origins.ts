/** Finds every binding, use and re-export of the modules of interest in one file. Pure. */
import type { JavaScriptSource } from '../syntax/parse.js';
import type { OriginQuery, Origins } from './origin.js';

import { indexNames } from '../syntax/names.js';

import { followOrigins } from './follow-origins.js';
import { collectModuleSources } from './module-sources.js';

/** Finds every binding, use and re-export of the modules of interest in one file. */
export function findOrigins(source: JavaScriptSource, query: OriginQuery): Origins {
  const names = indexNames(source.scopeManager);
  const collected = collectModuleSources(source, names, query);
  const followed = followOrigins(names, query, collected);
  const sources = collected.filter((found) => query.isModule(found.module));
  return { names, sources, ...followed };
}
