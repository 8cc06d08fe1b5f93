/**
 * The settings in `mirrorscope.config.json`. Types and defaults; schema/mirrorscope.schema.json decides what is valid.
 */
import { DEFAULT_OPTIONS, type KerasTarget, type StrategyTarget } from '../../codemods/options.js';

/** The settings of a project. Command-line options override them. */
export interface Configuration {
  /** The folder that globs are relative to: the folder of the file, or the root of the run without a file. */
  readonly directory: string;
  /** The file; missing when there is none and the defaults apply. */
  readonly file?: string;
  readonly modules: readonly string[];
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** Names of the migrations to run; when empty, all that are not opt-in. */
  readonly only: readonly string[];
  readonly mark: boolean;
  readonly target: KerasTarget;
  readonly strategy: StrategyTarget;
  /** A file with accepted findings, relative to the folder of this file. */
  readonly baseline?: string;
}

/**
 * The settings of a project without a configuration file.
 *
 * @param directory - The root of the run.
 * @returns The defaults.
 */
export function defaultConfiguration(directory: string): Configuration {
  const { modules, mark, kerasTarget: target, strategy } = DEFAULT_OPTIONS;
  return { directory, modules, include: [], exclude: [], only: [], mark, target, strategy };
}
