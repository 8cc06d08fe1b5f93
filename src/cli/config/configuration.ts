/** What `mirrorscope.config.json` may say. Types only; the published schema is the rule. */

import type { KerasTarget } from '../../codemods/migration.js';

/** The settings of a project. Every one has a default; flags of the command line win. */
export interface Configuration {
  /** Where relative globs of this configuration start: the folder of its file, or the root of the run. */
  readonly directory: string;
  /** The file that it was read from; absent where the defaults hold. */
  readonly file?: string;
  readonly modules: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly only: readonly string[];
  readonly mark: boolean;
  readonly target: KerasTarget;
}

/** What holds where there is no configuration file. */
export function defaultConfiguration(directory: string): Configuration {
  return { directory, modules: [], include: [], exclude: [], only: [], mark: false, target: 'auto' };
}
