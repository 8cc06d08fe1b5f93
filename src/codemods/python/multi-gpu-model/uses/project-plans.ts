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
import type { ComposedClass } from '../model/composed-class.js';
import type { FileEnvironment } from '../plans/file-environment.js';

import { Settlement } from '../../../lifecycle/settle.js';
import { isRefusal } from '../../../refusal.js';
import { definitionsInProject, originsThroughProject } from '../../project/follow-name.js';
import { isImported, subclassesInProject } from '../../project/references.js';
import { definedWrappers } from '../find/wrappers.js';
import { definitionName, topLevelFunction } from '../model/class-members.js';
import { composedClass } from '../model/composed-class.js';
import { constructionsIn } from '../model/constructions.js';
import { planComposition } from '../plans/plan-composition.js';
import { planFile } from '../plans/plan-file.js';

import { findComposition, isTrainedInOtherFiles } from './attribute-uses.js';
import { migratesCallback } from './callback-uses.js';
import { findComposedReturn, isCompiledInOtherFiles } from './compiles.js';
import { isComposedInOneScope, projectView } from './composed-scope.js';
import { onlyPredicts } from './predictions.js';
import { canRemoveWrapper } from './wrapper-uses.js';

function nameOf({ module, node }: Definition): DefinitionName {
  return { path: module.source.path, name: definitionName(module, node) };
}

/** The plans of one project. */
export class ProjectPlans {
  readonly #project: PythonProject;
  readonly #target: StrategyTarget;
  readonly #settlement = new Settlement();

  constructor(project: PythonProject, target: StrategyTarget) {
    this.#project = project;
    this.#target = target;
  }

  /**
   * The plan of a file. The other files are planned as they were before the run.
   *
   * @param module - The file, which earlier migrations may have changed.
   * @returns The plan; the kept one when the file is as it was.
   */
  plan(module: PythonModule): Plan {
    const { path, text } = module.source;
    return this.#project.text(path) === text ? this.#planOf(path, module) : planFile(module, this.#environment(path));
  }

  #planOf(path: string, module: PythonModule): Plan {
    return this.#settlement.value(`plan ${path}`, () => planFile(module, this.#environment(path)));
  }

  #planAt(path: string): Plan | undefined {
    const module = this.#project.module(path);
    return module === undefined ? undefined : this.#planOf(path, module);
  }

  #environment(path: string): FileEnvironment {
    const project = this.#project;
    return {
      target: this.#target,
      load: (from, name) => project.imported(from, name),
      composedAt: (attribute, owner) => findComposition(project, { path, owner, attribute }),
      returnComposedAt: (name) => findComposedReturn(project, { path, name }),
      trainedInOtherFiles: (attribute, owner, orPassOn) =>
        isTrainedInOtherFiles(project, { path, owner, attribute }, orPassOn),
      onlyPredicts: (module, call, model) => onlyPredicts(project, module, call, model),
      subclassesOf: (name) => subclassesInProject(project, { path, name }),
      originsOf: (module, callee) => originsThroughProject(project, module, callee),
      definitionsOf: (module, callee) => definitionsInProject(project, module, callee),
      migratesCallback: (definition) =>
        this.#ask('callback', nameOf(definition), () =>
          migratesCallback(project, definition, (other) => this.#planAt(other)),
        ),
      importedByOtherFiles: (name) => path.endsWith('/__init__.py') || isImported(project, { path, name }),
      compiledInOtherFiles: (_module, name) =>
        this.#ask('compiled', { path, name }, () => isCompiledInOtherFiles(project, { path, name })),
      canRemoveWrapper: (wrapper) =>
        project.canList
          ? this.#ask('wrapper', { path, name: wrapper.name }, () =>
              canRemoveWrapper(project, path, wrapper, (other) => this.#planAt(other)),
            )
          : undefined,
      isComposedInScope: (module, owner) => {
        const composed = owner === undefined ? undefined : composedClass(module, path, owner);
        return composed !== undefined && this.#isComposed(composed);
      },
      composition: (module) => {
        const view = projectView(project, module);
        const constructions = constructionsIn(module, view);
        const isPossible =
          constructions.length > 0 && constructions.every(({ composed }) => this.#isComposed(composed));
        const plan = isPossible ? planComposition(module, view, this.#target) : undefined;
        return isRefusal(plan) ? undefined : plan;
      },
      migratesFunction: ({ source }, name) =>
        this.#ask('function', { path: source.path, name }, () => this.#migratesFunction(source.path, name)),
    };
  }

  #ask(question: string, { path, name }: DefinitionName, evaluate: () => boolean): boolean {
    return this.#settlement.ask(`${question} ${name} ${path}`, evaluate);
  }

  #isComposed(composed: ComposedClass): boolean {
    return this.#ask('class', composed, () =>
      isComposedInOneScope(this.#project, composed, this.#target, ({ path }) => {
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
  #migratesFunction(path: string, name: string): boolean {
    const module = this.#project.module(path);
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
