/**
 * Plans one file: finds its wraps, plans them function by function, and decides about wrappers and imports last. Pure.
 */
import type { Change, Finding, Plan, TextEdit } from '../../../result.js';
import type { ImportedName } from '../../analysis/imports.js';
import type { PythonModule } from '../../analysis/module.js';
import type { ProjectContext } from './project-context.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { isImported } from '../../project/references.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, contains, type PyNode } from '../../syntax/node.js';
import { templateInCallbacks, templateInClass } from '../callbacks/template-in-callbacks.js';
import { findWrapUses, type WrapUses } from '../find/find-wrap-uses.js';
import { hiddenUses } from '../find/hidden-uses.js';
import { reExportedUses } from '../find/re-exported-uses.js';
import { definedWrappers, type Wrapper, wrapperOf } from '../find/wrappers.js';
import { legacyImports } from '../write/import-edits.js';

import { FilePlan, type FileUses } from './file-plan.js';
import { findingAt, MESSAGES, refusedAt } from './findings.js';

/** Plans every use of `multi_gpu_model` in one file. */
export function planFile(module: PythonModule, context: ProjectContext): Plan {
  const wrappers = definedWrappers(module);
  const imports = legacyImports(context.project, module);
  const uses: FileUses = { ...usesOutside(module, wrappers, context), wrappers, imports };
  const isReExported = [...new Set(imports.map(({ local }) => local))].some((name) =>
    isImported(context.project, { path: module.source.path, name }),
  );
  const callbacks =
    uses.sites.length === 0
      ? []
      : templateInCallbacks(context.project, module, (definition) => context.migratesCallback(definition));
  if (isRefusal(callbacks)) return refuseAll(module, uses, callbacks);
  const complete = isReExported ? undefined : planComplete(module, uses, context, callbacks);
  if (complete?.hasRefusal === false) return withCallbacks(module, complete.plan, uses, context);
  if (callbacks.length > 0) return refuseAll(module, uses, REFUSALS.callbackNeedsEveryWrap, complete?.plan.findings);
  const { plan } = new FilePlan(module, uses, context, { keepsImports: true }).finish([], []);
  return isReExported ? withImportsRefused(module, plan, imports) : withCallbacks(module, plan, uses, context);
}

/** Adds the callback classes that files which wrap use, in a file that does not wrap. */
function withCallbacks(module: PythonModule, plan: Plan, { sites }: WrapUses, context: ProjectContext): Plan {
  if (sites.length > 0) return plan;
  const classes = module.source.root.children.filter(({ type }) => type === 'class_definition');
  const changes = classes.flatMap((node): Change[] => {
    const edits = templateInClass(module, node);
    if (isRefusal(edits) || edits.length === 0 || !context.migratesCallback({ module, node })) return [];
    const finding = findingAt(module, childByField(node, 'name') ?? node, 'rewrite', MESSAGES.callback);
    return [{ findings: [finding], edits, safety: 'suggestion' }];
  });
  return { ...plan, changes: [...plan.changes, ...changes] };
}

/** The uses outside the wrappers that the file defines. */
function usesOutside(module: PythonModule, wrappers: readonly Wrapper[], context: ProjectContext): WrapUses {
  const isOutside = (node: PyNode): boolean => wrappers.every(({ definition }) => !contains(definition, node));
  const found = findWrapUses(module, (callee) => wrapperOf(context.project, module, callee)?.signature);
  const unreadable = [...found.unreadable, ...hiddenUses(module), ...reExportedUses(context.project, module)];
  return {
    sites: found.sites.filter(({ call }) => isOutside(call)),
    unreadable: unreadable.filter(({ node }) => isOutside(node)),
    nameTests: found.nameTests.filter(isOutside),
  };
}

/** Plans the file as if every use could be migrated, so that imports and wrappers can be removed. */
function planComplete(
  module: PythonModule,
  uses: FileUses,
  context: ProjectContext,
  callbacks: readonly TextEdit[],
): { readonly plan: Plan; readonly hasRefusal: boolean } {
  const removedWrappers = uses.wrappers.filter(
    (wrapper) => context.canRemoveWrapper(wrapper) ?? isUsedInFile(module, wrapper),
  );
  return new FilePlan(module, uses, context, { keepsImports: false }).finish(removedWrappers, callbacks);
}

function isUsedInFile(module: PythonModule, wrapper: Wrapper): boolean {
  const binding = module.scopes.module.bindings.get(wrapper.name);
  return binding !== undefined && binding.reads.some((read) => !contains(wrapper.definition, read));
}

/** Refuses every use; a use that already has a refusal keeps it. */
function refuseAll(
  module: PythonModule,
  { sites, unreadable }: WrapUses,
  refusal: Refusal,
  known: readonly Finding[] = [],
): Plan {
  const own = [
    ...unreadable.map((use) => refusedAt(module, use.node, use.refusal)),
    ...known.filter(({ disposition }) => disposition === 'refuse'),
  ];
  const rest = sites
    .filter(({ call }) => own.every(({ start }) => start.offset !== call.start))
    .map(({ call }) => refusedAt(module, call, refusal));
  return { changes: [], findings: [...(known.length > 0 ? own.slice(unreadable.length) : own), ...rest] };
}

function withImportsRefused(module: PythonModule, plan: Plan, imports: readonly ImportedName[]): Plan {
  const refused = imports.map(({ statement }) => refusedAt(module, statement, REFUSALS.functionImportedByOtherFiles));
  return { ...plan, findings: [...plan.findings, ...refused] };
}
