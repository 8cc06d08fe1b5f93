/** The migration `multi-gpu-model` for JavaScript and TypeScript. */
import type { Migration } from '../../migration.js';
import type { JavaScriptSource } from '../syntax/parse.js';

import { multiGpuModelInfo } from './info.js';
import { planMultiGpuModel } from './plan.js';

export const multiGpuModel: Migration<JavaScriptSource> = { ...multiGpuModelInfo, plan: planMultiGpuModel };
