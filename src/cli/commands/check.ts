/** `mirrorscope check`: lists what is left to migrate. The same run as `migrate --check`; never writes. */
export { migrateCommand as checkCommand } from './migrate.js';
