/** The entry point `mirrorscope/codemods`: migrate texts, list the migrations, and the types of results. */
export { migrateBytes, type MigrateOptions, migrateText } from './engine.js';
export { type LanguageName, type MigrationInfo, type SourceFiles } from './migration.js';
export { RefusalReason } from './refusal-reason.js';
export { languageOf, listMigrations } from './registry.js';
export { type Disposition, type FileError, type FileResult, type Finding, type Position } from './result.js';
