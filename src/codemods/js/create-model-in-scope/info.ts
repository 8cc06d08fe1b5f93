/** What `mirrorscope list` and the prefilter know about this migration. Data only. */
import type { MigrationInfo } from '../../migration.js';

export const createModelInScopeInfo: MigrationInfo = {
  name: 'create-model-in-scope',
  description: 'Finds models that are built or compiled outside the scope of the strategy that trains them.',
  language: 'javascript',
  needles: ['mirrorscope'],
};
