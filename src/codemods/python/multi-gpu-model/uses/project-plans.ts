/**
 * Answers what the plan of a file asks about the rest of its project, and keeps the plan of every file, so that each is
 * planned once. Pure; the project reads the files.
 */
import type { StrategyTarget } from '../../../options.js';
import type { Plan } from '../../../result.js';
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { DefinitionName } from '../../project/references.js';
import type { PyNode } from '../../syntax/node.js';
import type { Wrapper } from '../find/wrappers.js';
import type { ComposedClass } from '../model/composed-class.js';
import type { CompositionPlan } from '../plans/plan-composition.js';
import type { ProjectContext } from '../plans/project-context.js';

import { Settlement } from '../../../lifecycle/settle.js';
import { isRefusal } from '../../../refusal.js';
import { definedWrappers } from '../find/wrappers.js';
import { nameOf, topLevelFunction } from '../model/class-members.js';
import { composedClass } from '../model/composed-class.js';
import { constructionsIn } from '../model/constructions.js';
import { planComposition } from '../plans/plan-composition.js';
import { planFile } from '../plans/plan-file.js';
import { withWrapsKeptByComments } from '../staying-by-decision.js';

import { migratesCallback } from './callback-uses.js';
import { isCompiledInOtherFiles } from './compiles.js';
import { isComposedInOneScope, projectView } from './composed-scope.js';
import { canRemoveWrapper } from './wrapper-uses.js';

/** The plans of one project. */
export class ProjectPlans implements ProjectContext {
  readonly #settlement = new Settlement();

  constructor(
    readonly project: PythonProject,
    readonly target: StrategyTarget,
  ) {}

  /**
   * The plan of a file. The other files are planned as they were before the run.
   *
   * @param module - The file, which earlier migrations may have changed.
   * @returns The plan; the kept one when the file is as it was.
   */
  plan(module: PythonModule): Plan {
    const { path, text } = module.source;
    return this.project.text(path) === text ? this.#planOf(path, module) : planFile(module, this);
  }

  #planOf(path: string, module: PythonModule): Plan {
    return this.#settlement.value(`plan ${path}`, () => planFile(module, this));
  }

  /** What becomes of another file: its comments may keep some of its places as they are. */
  #planAt(path: string): Plan | undefined {
    const module = this.project.module(path);
    return module === undefined ? undefined : withWrapsKeptByComments(module.source, this.#planOf(path, module));
  }

  canRemoveWrapper(wrapper: Wrapper): boolean | undefined {
    const { path } = wrapper.module.source;
    if (!this.project.canList) return undefined;
    return this.#ask('wrapper', { path, name: wrapper.name }, () =>
      canRemoveWrapper(this.project, path, wrapper, (other) => this.#planAt(other)),
    );
  }

  isComposedInScope(module: PythonModule, owner: PyNode | undefined): boolean {
    const composed = owner === undefined ? undefined : composedClass(module, module.source.path, owner);
    return composed !== undefined && this.#isComposed(composed);
  }

  composition(module: PythonModule): CompositionPlan | undefined {
    const view = projectView(this.project, module);
    const constructions = constructionsIn(module, view);
    const isPossible = constructions.length > 0 && constructions.every(({ composed }) => this.#isComposed(composed));
    const plan = isPossible ? planComposition(module, view, this.target) : undefined;
    return isRefusal(plan) ? undefined : plan;
  }

  isCompiledInOtherFiles(definition: DefinitionName): boolean {
    return this.#ask('compiled', definition, () => isCompiledInOtherFiles(this.project, definition));
  }

  migratesCallback(definition: Definition): boolean {
    return this.#ask('callback', nameOf(definition.module, definition.node), () =>
      migratesCallback(this.project, definition, (other) => this.#planAt(other)),
    );
  }

  migratesFunction(definition: DefinitionName): boolean {
    return this.#ask('function', definition, () => this.#migratesFunction(definition));
  }

  #ask(question: string, { path, name }: DefinitionName, evaluate: () => boolean): boolean {
    return this.#settlement.ask(`${question} ${name} ${path}`, evaluate);
  }

  #isComposed(composed: ComposedClass): boolean {
    return this.#ask('class', composed, () =>
      isComposedInOneScope(this.project, composed, this.target, ({ path }) => {
        const plan = this.#planAt(path);
        return (
          plan !== undefined &&
          plan.changes.length > 0 &&
          plan.findings.every(({ disposition }) => disposition !== 'refuse')
        );
      }),
    );
  }

  /** Whether every wrap in a function is migrated. A call of a wrapper is itself a wrap. */
  #migratesFunction({ path, name }: DefinitionName): boolean {
    const module = this.project.module(path);
    if (module === undefined || definedWrappers(module).some((wrapper) => wrapper.name === name)) return false;
    const plan = this.#planAt(path);
    const definition = topLevelFunction(module, name);
    if (plan === undefined || definition === undefined) return false;
    const isInside = ({ start }: { readonly start: { readonly offset: number } }): boolean =>
      definition.start <= start.offset && start.offset < definition.end;
    return (
      plan.changes.some(({ findings }) => findings.some(isInside)) &&
      !plan.findings.some((finding) => finding.disposition === 'refuse' && isInside(finding))
    );
  }
}
