/** The migration `tfjs-node` for JavaScript and TypeScript. */
import type { Migration } from '../../migration.js';
import type { JavaScriptSource } from '../syntax/parse.js';

import { tfjsNodeInfo } from './info.js';
import { planTfjsNode } from './plan.js';

export const tfjsNode: Migration<JavaScriptSource> = {
  ...tfjsNodeInfo,
  plan: (source) => planTfjsNode(source),
};
