/** Collects the edits and findings of one file. */
import type { Change, Finding, Plan, TextEdit } from '../../../result.js';
import type { ImportedName } from '../../analysis/imports.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';
import type { WrapUses } from '../find/find-wrap-uses.js';
import type { Wrapper } from '../find/wrappers.js';
import type { ProjectContext } from './project-context.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { enclosingClass, enclosingFunction } from '../../analysis/statements.js';
import { removeDefinition } from '../../edit/remove-definition.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { replaceRedirectingCallbacks } from '../callbacks/redirecting-callbacks.js';
import { importedCompilePart } from '../checks/imported-compile-parts.js';
import { importedSessionReset } from '../checks/imported-session-resets.js';
import { removeNameTest } from '../find/name-tests.js';
import { legacyCallIn } from '../find/wrappers.js';
import { importedModels } from '../model/imported-models.js';
import { editImports, isIndent, removableStatements } from '../write/import-edits.js';

import { overlaps, sharesLine } from './edit-conflicts.js';
import { findingAt, MESSAGES, refusedAt } from './findings.js';
import { multiWorkerConsequences } from './multi-worker-consequences.js';
import { planImportedCompiles } from './plan-imported-compiles.js';
import { type PlannedWraps, planWraps, withoutModelsInTurns, wrapsByFunction } from './plan-wraps.js';
import { trainingDifferences } from './training-differences.js';

/** Everything in a file that has to do with `multi_gpu_model`. */
export interface FileUses extends WrapUses {
  /** The wrappers that the file defines. */
  readonly wrappers: readonly Wrapper[];
  readonly imports: readonly ImportedName[];
}

/** One attempt to plan a file. Call {@link FilePlan.finish} once. */
export class FilePlan {
  readonly #module: PythonModule;
  readonly #uses: FileUses;
  readonly #context: ProjectContext;
  readonly #keepsImports: boolean;
  readonly #refused: Finding[];
  readonly #rewritten: Finding[] = [];
  readonly #consequences: Finding[] = [];
  #edits: TextEdit[] = [];
  #needsTensorFlow = false;

  /**
   * Starts an attempt.
   *
   * @param module - The file.
   * @param uses - What it does with `multi_gpu_model`.
   * @param context - The project.
   * @param options - How to plan.
   * @param options.keepsImports - Whether the imports stay in any case.
   */
  constructor(
    module: PythonModule,
    uses: FileUses,
    context: ProjectContext,
    options: { readonly keepsImports: boolean },
  ) {
    this.#module = module;
    this.#uses = uses;
    this.#context = context;
    this.#keepsImports = options.keepsImports;
    this.#refused = uses.unreadable.map(({ node, refusal }) => refusedAt(module, node, refusal));
    if (this.#keepsImports) this.#refuse(uses.nameTests, REFUSALS.functionUsedAsValue);
  }

  /**
   * Plans everything.
   *
   * @param removedWrappers - The wrappers that nothing uses once their calls are migrated.
   * @param callbackEdits - The edits that make callback classes use the one model.
   * @returns The plan, and whether it refuses any use.
   */
  finish(
    removedWrappers: readonly Wrapper[],
    callbackEdits: readonly TextEdit[],
  ): { readonly plan: Plan; readonly hasRefusal: boolean } {
    const { imports, sites } = this.#uses;
    const shared = {
      removedImports: this.#keepsImports ? new Set<PyNode>() : removableStatements(this.#module, imports),
      usedNames: new Set<string>(),
    };
    const planned = wrapsByFunction(sites).flatMap((group) => planWraps(this.#module, group, shared, this.#context));
    for (const each of withoutModelsInTurns(planned)) this.#addWraps(each);
    for (const wrapper of this.#uses.wrappers) this.#addWrapper(wrapper, removedWrappers.includes(wrapper));
    this.#addImportedModels();
    this.#addComposition();
    this.#removeNameTests();
    if (this.#rewritten.length > 0) this.#edits.push(...callbackEdits);
    if (this.#rewritten.length > 0 && !this.#hasRefusal) this.#replaceCallbacks();
    return { plan: { changes: this.#changes(), findings: this.#staying() }, hasRefusal: this.#hasRefusal };
  }

  get #hasRefusal(): boolean {
    return this.#refused.length > 0;
  }

  /** The refusals, but not those of name tests that are rewritten together with their wrap. */
  #staying(): Finding[] {
    const rewritten = this.#uses.nameTests.filter((test) =>
      this.#edits.some(({ start, end }) => start <= test.start && test.end <= end),
    );
    return this.#refused.filter(({ start }) => rewritten.every((test) => test.start !== start.offset));
  }

  #refuse(nodes: readonly PyNode[], refusal: Refusal): void {
    this.#refused.push(...nodes.map((node) => refusedAt(this.#module, node, refusal)));
  }

  #addWraps({ sites, plan }: PlannedWraps): void {
    const calls = sites.map(({ call }) => call);
    if (isRefusal(plan)) {
      this.#refuse(calls, plan);
      return;
    }
    if (overlaps(this.#edits, plan.edits) || sharesLine(this.#edits, plan.edits)) {
      this.#refuse(calls, REFUSALS.overlappingEdit);
      return;
    }
    const [first] = calls;
    const range = plan.range ?? (first === undefined ? undefined : (enclosingClass(first) ?? enclosingFunction(first)));
    const { project } = this.#context;
    const outside =
      range &&
      (importedSessionReset(project, this.#module, range) ?? importedCompilePart(project, this.#module, range));
    if (outside !== undefined) {
      this.#refuse(calls, outside);
      return;
    }
    // Two models that share a `compile` both plan the same scope around it.
    this.#edits.push(...plan.edits.filter((edit) => !this.#edits.some((known) => isSameEdit(known, edit))));
    this.#needsTensorFlow ||= plan.needsTensorFlow;
    this.#addRewritten(calls, MESSAGES.wrap, plan.weightFiles);
    this.#consequences.push(...multiWorkerConsequences(this.#module, sites, plan.edits));
  }

  #addRewritten(nodes: readonly PyNode[], message: string, weightFiles: readonly PyNode[] = []): void {
    this.#rewritten.push(...nodes.map((node) => findingAt(this.#module, node, 'rewrite', message)));
    this.#consequences.push(
      ...weightFiles.map((node) => findingAt(this.#module, node, 'report', MESSAGES.weightFiles)),
    );
  }

  #addWrapper(wrapper: Wrapper, isRemovable: boolean): void {
    const { definition, kind, name } = wrapper;
    const node = kind === 'copy' ? definition : (legacyCallIn(this.#module, definition) ?? definition);
    if (isRemovable && !this.#hasRefusal) {
      this.#edits.push(removeDefinition(this.#module.source, definition));
      this.#addRewritten([node], MESSAGES.wrapperRemoved(name));
    } else if (kind !== 'copy') {
      this.#refuse([node], REFUSALS.wrapperHasOtherUses(name));
    }
  }

  /** Models that functions of other files return are compiled in their scope. */
  #addImportedModels(): void {
    const imported = importedModels(this.#context.project, this.#module).filter(({ functions }) =>
      functions.every(({ origin, wrapping }) =>
        this.#context.migratesFunction({ path: origin.source.path, name: wrapping }),
      ),
    );
    if (imported.length === 0) return;
    const planned = planImportedCompiles(this.#context.project, this.#module, imported);
    const plan = !isRefusal(planned) && overlaps(this.#edits, planned.edits) ? REFUSALS.overlappingEdit : planned;
    if (isRefusal(plan)) {
      this.#refuse(
        imported.map(({ call }) => call),
        plan,
      );
      return;
    }
    this.#edits.push(...plan.edits);
    this.#addRewritten(plan.compiles, MESSAGES.importedModel);
  }

  /** Larger models of this file that contain models of other files. */
  #addComposition(): void {
    const composition = this.#context.composition(this.#module);
    if (composition === undefined) return;
    this.#edits.push(...composition.edits);
    this.#needsTensorFlow ||= composition.needsTensorFlow;
    this.#addRewritten(
      composition.constructions.map(({ call }) => call),
      MESSAGES.composition,
      composition.weightFiles,
    );
    // Each construction passes the number of GPUs, or its class has a default.
    const constructions = composition.constructions.map(({ call }) => ({ call, gpus: call }));
    this.#consequences.push(...multiWorkerConsequences(this.#module, constructions, composition.edits));
  }

  /** Tests whether the name was imported, which nothing imports any more. */
  #removeNameTests(): void {
    if (this.#keepsImports || this.#hasRefusal) return;
    const { nameTests, imports } = this.#uses;
    const names = new Set(imports.map(({ local }) => local));
    const isMoved = this.#edits.some(({ text }) => [...names].some((name) => new RegExp(`\\b${name}\\b`).test(text)));
    if (nameTests.length > 0 && isMoved) {
      this.#refuse(nameTests, REFUSALS.functionUsedAsValue);
      return;
    }
    const edits = nameTests.map((test) => removeNameTest(this.#module, test));
    this.#edits.push(...edits.filter((edit) => !overlaps(this.#edits, [edit])));
    if (this.#rewritten.length === 0) this.#addRewritten(nameTests, MESSAGES.unusedImport);
  }

  #replaceCallbacks(): void {
    const callbacks = replaceRedirectingCallbacks(this.#module);
    const others = this.#edits.filter(
      (edit) => !callbacks.some((own) => own.start <= edit.start && edit.end <= own.end && edit.start !== own.end),
    );
    if (!overlaps(others, callbacks)) this.#edits = [...others, ...callbacks];
  }

  #changes(): Change[] {
    const { imports, sites } = this.#uses;
    const removedImports = this.#keepsImports || this.#hasRefusal ? [] : imports;
    const onlyImports = this.#rewritten.length === 0 && sites.length === 0 && removedImports.length > 0;
    if (this.#rewritten.length === 0 && !onlyImports) return [];
    const importEdits = editImports(this.#module, removedImports, this.#needsTensorFlow, this.#edits);
    if (onlyImports)
      this.#addRewritten(
        imports.map(({ statement }) => statement),
        MESSAGES.unusedImport,
      );
    const trains = sites.length > 0 || this.#rewritten.some(({ message }) => message === MESSAGES.importedModel);
    if (this.#rewritten.length > 0 && trains)
      this.#consequences.push(...trainingDifferences(this.#context.project, this.#module, sites));
    const { text: before } = this.#module.source;
    const lines = this.#edits.filter(({ start, end, text }) => text === '' && start < end && before[end - 1] === '\n');
    // At one place, an import comes first: what else is written there may use it.
    const edits = [...importEdits, ...withoutIndents(this.#edits, [...lines, ...importEdits])].sort(
      (a, b) => a.start - b.start || a.end - b.end,
    );
    return [{ findings: this.#rewritten, consequences: this.#consequences, edits, safety: 'suggestion' }];
  }
}

/** Lines that are removed get no indentation, which would move to the line below them. */
function withoutIndents(edits: readonly TextEdit[], removals: readonly TextEdit[]): TextEdit[] {
  const isRemoved = (offset: number): boolean =>
    removals.some(({ start, end, text }) => offset < end && (text === '' ? start <= offset : start < offset));
  return edits.filter((edit) => !isIndent(edit) || !isRemoved(edit.start));
}

function isSameEdit(a: TextEdit, b: TextEdit): boolean {
  return a.start === b.start && a.end === b.end && a.text === b.text;
}
