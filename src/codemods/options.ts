/** The options that decide how a run migrates every file. Plain data: a worker thread receives them as they are. */

/**
 * `tf-keras`: TensorFlow's Keras; `keras3`: standalone Keras 3; `auto`: what the project requires, otherwise
 * `tf-keras`.
 */
export const KERAS_TARGETS = ['auto', 'tf-keras', 'keras3'] as const;
export type KerasTarget = (typeof KERAS_TARGETS)[number];

/** The strategy that migrated code creates: over the devices of one process, or over several processes. */
export const STRATEGY_TARGETS = ['mirrored', 'multi-worker'] as const;
export type StrategyTarget = (typeof STRATEGY_TARGETS)[number];

/** The names of the migrations to run; `default` stands for all that are not opt-in. */
export type MigrationSelection = 'default' | readonly string[];

/** The normalized options of a run. Every layer passes them on whole. */
export interface MigrationOptions {
  /** Absolute path of the folder that paths of files are relative to; without it, a file is migrated on its own. */
  readonly root: string | undefined;
  readonly migrations: MigrationSelection;
  /** Whether to leave a `TODO(mirrorscope)` comment at each finding that is refused or only reported. */
  readonly mark: boolean;
  /** Additional modules that export the deprecated names, as written in imports. */
  readonly modules: readonly string[];
  /** The Keras that migrated Python code imports. */
  readonly kerasTarget: KerasTarget;
  /** The strategy that takes the place of `multi_gpu_model`. */
  readonly strategy: StrategyTarget;
  /** Other names under which files of the project re-export what the migrations look for. */
  readonly reExportedNames: readonly string[];
}

/** The options of a run over a folder. */
export interface FolderOptions extends MigrationOptions {
  readonly root: string;
}

/** The default options. */
export const DEFAULT_OPTIONS: MigrationOptions = {
  root: undefined,
  migrations: 'default',
  mark: false,
  modules: [],
  kerasTarget: 'auto',
  strategy: 'mirrored',
  reExportedNames: [],
};
