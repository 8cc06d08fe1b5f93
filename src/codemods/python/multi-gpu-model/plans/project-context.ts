/** What the plan of one file may ask about its project. Types only. */
import type { StrategyTarget } from '../../../options.js';
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { DefinitionName } from '../../project/references.js';
import type { PyNode } from '../../syntax/node.js';
import type { Wrapper } from '../find/wrappers.js';
import type { CompositionPlan } from './plan-composition.js';

/** The project around a file, and what becomes of its other files. */
export interface ProjectContext {
  /** The strategy to write. */
  readonly target: StrategyTarget;
  readonly project: PythonProject;
  /** Whether every file can do without a wrapper; undefined when the files cannot be listed. */
  canRemoveWrapper(wrapper: Wrapper): boolean | undefined;
  /** Whether all files that build larger models from a class can do so in one scope. */
  isComposedInScope(module: PythonModule, owner: PyNode | undefined): boolean;
  /** The plan for the larger models that a file builds from classes of other files. */
  composition(module: PythonModule): CompositionPlan | undefined;
  /** Whether other files compile what a function returns, and can do so in the scope. */
  isCompiledInOtherFiles(definition: DefinitionName): boolean;
  /** Whether a callback class that reads the original model is changed together with all files that use it. */
  migratesCallback(definition: Definition): boolean;
  /** Whether the wraps in a function are migrated. */
  migratesFunction(definition: DefinitionName): boolean;
}
