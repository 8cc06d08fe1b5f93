/** Plans the migration: every wrap in a file, and what becomes of it. Pure. */
import { type MigrationContext } from '../../migration.js';
import { type Plan } from '../../result.js';
import { type JavaScriptSource } from '../parse.js';

export function planMultiGpuModel(_source: JavaScriptSource, _context: MigrationContext): Plan {
  return { changes: [], findings: [] };
}
