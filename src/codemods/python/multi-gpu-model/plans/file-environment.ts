/** What the plan of one file knows about the rest of its project. */
import type { StrategyTarget } from '../../../options.js';
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';
import type { ModuleLoader, Wrapper } from '../find/wrappers.js';
import type { CompositionPlan } from './plan-composition.js';

/** Code in another file that builds a larger model, or assigns the model to another name. */
export interface CompositionSite {
  /** The expression that reads the model, e.g. `gan.model`. */
  readonly text: string;
  /** The path below the folder of the project. */
  readonly file: string;
  /** Starts at 1. */
  readonly line: number;
}

/** Answers about other files of the project. */
export interface FileEnvironment {
  /** The strategy to write. */
  readonly target: StrategyTarget;
  readonly load: ModuleLoader;
  /** Whether every file can do without a wrapper that this file defines; undefined when the files cannot be listed. */
  readonly canRemoveWrapper: (wrapper: Wrapper) => boolean | undefined;
  /** Where another file builds a larger model from an attribute, as in `gan.model(x)`. */
  readonly composedAt: (attribute: string, owner: string | undefined) => CompositionSite | undefined;
  /** Whether all files that build larger models from a class of this file can do so in one scope. */
  readonly isComposedInScope: (module: PythonModule, owner: PyNode | undefined) => boolean;
  /** The plan for the larger models that this file builds from classes of other files. */
  readonly composition: (module: PythonModule) => CompositionPlan | undefined;
  /** Where another file builds a larger model from what a function of this file returns, and compiles it. */
  readonly returnComposedAt: (name: string) => CompositionSite | undefined;
  /** Whether other files compile what a function of this file returns, and can do so in the scope. */
  readonly compiledInOtherFiles: (module: PythonModule, name: string) => boolean;
  /** Whether a call of this file that receives a model only predicts with it. */
  readonly onlyPredicts: (module: PythonModule, call: PyNode, model: PyNode) => boolean;
  /** Whether other files train an attribute of a class; with `orPassOn`, also whether they pass it on. */
  readonly trainedInOtherFiles: (attribute: string, owner: string | undefined, orPassOn: boolean) => boolean;
  /** The classes of other files that extend a class of this name. */
  readonly subclassesOf: (name: string) => readonly Definition[];
  /** Where a callable of this file comes from, through modules of the project that re-export it. */
  readonly originsOf: (module: PythonModule, callee: PyNode) => readonly string[];
  /** The classes and functions of other files that a callable of this file may refer to. */
  readonly definitionsOf: (module: PythonModule, callee: PyNode) => readonly Definition[];
  /** Whether a callback class that reads the original model is changed together with all files that use it. */
  readonly migratesCallback: (definition: Definition) => boolean;
  /** Whether other files import a name from this one. */
  readonly importedByOtherFiles: (name: string) => boolean;
  /** Whether the wraps in a function of another file are migrated. */
  readonly migratesFunction: (module: PythonModule, name: string) => boolean;
}

/** The environment of a file without a project. */
export const SINGLE_FILE: FileEnvironment = {
  target: 'mirrored',
  load: () => undefined,
  canRemoveWrapper: () => undefined,
  composedAt: () => undefined,
  isComposedInScope: () => false,
  composition: () => undefined,
  returnComposedAt: () => undefined,
  compiledInOtherFiles: () => false,
  onlyPredicts: () => false,
  trainedInOtherFiles: () => false,
  subclassesOf: () => [],
  originsOf: (module, callee) => module.origins.of(callee),
  definitionsOf: () => [],
  migratesCallback: () => false,
  importedByOtherFiles: () => false,
  migratesFunction: () => false,
};
