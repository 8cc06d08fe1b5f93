/**
 * Plans uses that need another import: `import { fromPixels }` becomes `import { browser }`. Names that one scope takes
 * from one path are planned together, because they share specifiers and new names. Pure.
 */
import type { TextEdit } from '../../result.js';
import type { ExportUse } from './find-export-uses.js';
import type { FileView, Rewriting } from './site.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { RefusalReason } from '../../refusal-reason.js';
import { type Binding, memberPath } from '../origins/origin.js';

import { existingName, isFree, type Reader } from './name-resolution.js';
import { type NewSpecifier, specifierEdits } from './specifiers.js';

/** A use, and what its fixer wants to write. */
export interface WantedUse {
  readonly use: ExportUse;
  readonly rewriting: Rewriting;
}

/** What the fixers request for one bound name. */
export interface BindingRequest {
  readonly binding: Binding;
  /** The rewrite of the name itself; it applies to all of `uses` or to none. */
  readonly whole: Rewriting | undefined;
  /** Uses of the name itself, when there is a `whole`. */
  readonly uses: readonly WantedUse[];
  /** Uses that are rewritten independently of each other. */
  readonly single: readonly WantedUse[];
}

export interface GroupPlan {
  readonly edits: readonly TextEdit[];
  /** Whole requests, or single uses, that cannot be rewritten. */
  readonly refused: ReadonlyMap<BindingRequest | WantedUse, RefusalReason>;
}

/** Plans the names that one scope takes from one path of one module. */
export function planBindingGroup(file: FileView, requests: readonly BindingRequest[]): GroupPlan {
  const refused = new Map<BindingRequest | WantedUse, RefusalReason>();
  for (const request of requests) refuseUnwritable(file, request, refused);
  const names = new Map<string, { local: string; isNew: boolean }>();
  const demands = demandsOf(file, requests, refused);
  for (const [head, demand] of demands) {
    const { binding } = demand.request;
    const path = [...parentPath(binding), head];
    const existing = existingName(file, binding.origin.module, path, demand.readers);
    if (existing !== undefined) names.set(head, { local: existing, isNew: false });
    else if (isFree(file, head, binding.variable.scope, demand.readers)) names.set(head, { local: head, isNew: true });
    else for (const each of demand.requestedBy) refused.set(each, RefusalReason.NameCollision);
  }
  const edits: TextEdit[] = [];
  for (const request of requests) {
    if (request.whole !== undefined && !refused.has(request)) {
      const keepsName = keepsLocalName(file, request, refused);
      for (const wanted of request.uses)
        edits.push(...useEdits(file, request.binding, wanted, keepsName ? undefined : names));
    }
    for (const wanted of request.single)
      if (!refused.has(wanted)) edits.push(...useEdits(file, request.binding, wanted, names));
  }
  const specifiers = newSpecifiers(file, requests, refused, names);
  const isLoadedElsewhere = (declaration: TSESTree.Node): boolean =>
    file.origins.sources.some(
      ({ module, node }) => module === requests[0]?.binding.origin.module && node !== declaration,
    );
  return { edits: [...edits, ...specifierEdits(file.source.text, specifiers, isLoadedElsewhere)], refused };
}

interface Demand {
  readonly request: BindingRequest;
  readonly readers: Reader[];
  readonly requestedBy: (BindingRequest | WantedUse)[];
}

/** Collects the new names: which requests need each, and where the code will read it. */
function demandsOf(
  file: FileView,
  requests: readonly BindingRequest[],
  refused: ReadonlyMap<BindingRequest | WantedUse, RefusalReason>,
): Map<string, Demand> {
  const demands = new Map<string, Demand>();
  const demand = (
    request: BindingRequest,
    rewriting: Rewriting,
    requestedBy: BindingRequest | WantedUse,
    uses: readonly WantedUse[],
  ): void => {
    const head = headOf(request.binding, rewriting);
    if (head === undefined) return;
    const readers = uses.map(({ use }) => ({
      node: use.reference.base,
      isType: use.reference.usage === 'type' || request.binding.typeOnly,
    }));
    const known = demands.get(head);
    if (known === undefined) demands.set(head, { request, readers, requestedBy: [requestedBy] });
    else {
      known.readers.push(...readers);
      known.requestedBy.push(requestedBy);
    }
  };
  for (const request of requests) {
    if (request.whole !== undefined && !refused.has(request) && !keepsLocalName(file, request, refused)) {
      demand(request, request.whole, request, request.uses);
    }
    for (const wanted of request.single) if (!refused.has(wanted)) demand(request, wanted.rewriting, wanted, [wanted]);
  }
  return demands;
}

/** Refuses a rewrite that an import from the same path cannot provide, or that the syntax of the use does not allow. */
function refuseUnwritable(
  file: FileView,
  request: BindingRequest,
  refused: Map<BindingRequest | WantedUse, RefusalReason>,
): void {
  const { binding } = request;
  const parent = parentPath(binding);
  const isWritable = ({ use, rewriting }: WantedUse): boolean => {
    if (rewriting.to === undefined) return true;
    if (use.reference.usage === 'export')
      return rewriting.suffix === undefined && rewriting.to.length === parent.length + 1;
    return use.steps.every((step, index) => {
      const from = (use.steps[index - 1]?.property ?? use.reference.base).range[1];
      return /^\s*\.\s*$/.test(file.source.text.slice(from, step.property.range[0]));
    });
  };
  const comesFromThere = ({ to }: Rewriting): boolean =>
    to === undefined || (to.length > parent.length && parent.every((name, index) => to[index] === name));
  const isPlain = isPlainSpecifier(binding);
  if (request.whole !== undefined && !(isPlain && comesFromThere(request.whole) && request.uses.every(isWritable))) {
    refused.set(request, RefusalReason.NotCalledDirectly);
  }
  for (const wanted of request.single) {
    if (!(isPlain && comesFromThere(wanted.rewriting) && isWritable(wanted)))
      refused.set(wanted, RefusalReason.NotCalledDirectly);
  }
}

/** Whether `import { old as mine }` becomes `import { next as mine }`, so that no use changes. */
function keepsLocalName(
  file: FileView,
  request: BindingRequest,
  refused: ReadonlyMap<BindingRequest | WantedUse, RefusalReason>,
): boolean {
  const { whole, binding } = request;
  if (whole?.to === undefined || whole.suffix !== undefined || whole.to.length !== parentPath(binding).length + 1)
    return false;
  return (
    binding.identifier.name !== memberPath(binding.origin.path).at(-1) &&
    request.single.length === 0 &&
    isRemovable(file, request, refused)
  );
}

/** Whether nothing reads the old name after the rewrite. */
function isRemovable(
  file: FileView,
  request: BindingRequest,
  refused: ReadonlyMap<BindingRequest | WantedUse, RefusalReason>,
): boolean {
  const rewritten = new Set(
    request.single.filter((wanted) => !refused.has(wanted)).map(({ use }) => use.reference.base),
  );
  if (request.whole !== undefined && !refused.has(request))
    for (const { use } of request.uses) rewritten.add(use.reference.base);
  return file.origins.names
    .referencesTo(request.binding.variable)
    .every((reference) => reference.isWriteOnly() || rewritten.has(reference.identifier as TSESTree.Node));
}

function newSpecifiers(
  file: FileView,
  requests: readonly BindingRequest[],
  refused: ReadonlyMap<BindingRequest | WantedUse, RefusalReason>,
  names: ReadonlyMap<string, { local: string; isNew: boolean }>,
): NewSpecifier[] {
  const added = new Set<string>();
  const specifiers = requests.map((request): NewSpecifier & { request: BindingRequest } => {
    const { binding, whole } = request;
    const removed = isRemovable(file, request, refused);
    const renamedTo =
      removed && whole !== undefined && keepsLocalName(file, request, refused) ? headOf(binding, whole) : undefined;
    return { request, binding, removed: removed && renamedTo === undefined, heads: [], renamedTo };
  });
  // A new name replaces an old one where it can. Otherwise it goes next to the first name that needs it.
  const ordered = [...specifiers].sort((a, b) => Number(b.removed) - Number(a.removed));
  for (const specifier of ordered) {
    for (const head of headsOf(specifier.request, refused)) {
      if (names.get(head)?.isNew !== true || added.has(head) || specifier.renamedTo !== undefined) continue;
      added.add(head);
      (specifier.heads as string[]).push(head);
    }
  }
  return specifiers;
}

function headsOf(request: BindingRequest, refused: ReadonlyMap<BindingRequest | WantedUse, RefusalReason>): string[] {
  const wanted = request.single.filter((each) => !refused.has(each)).map(({ rewriting }) => rewriting);
  if (request.whole !== undefined && !refused.has(request)) wanted.unshift(request.whole);
  return wanted.map((rewriting) => headOf(request.binding, rewriting)).filter((head) => head !== undefined);
}

function useEdits(
  { source }: FileView,
  binding: Binding,
  { use, rewriting }: WantedUse,
  names: ReadonlyMap<string, { local: string }> | undefined,
): TextEdit[] {
  const [head, ...rest] = rewriting.to?.slice(parentPath(binding).length) ?? [];
  const local = head === undefined ? undefined : names?.get(head)?.local;
  if (local === undefined) return [...rewriting.edits];
  const { base } = use.reference;
  const name = [local, ...rest].join('.') + (rewriting.suffix ?? '');
  const end = use.steps.at(-1)?.property.range[1] ?? base.range[1];
  const old = source.text.slice(...base.range);
  if (name === source.text.slice(base.range[0], end)) return [...rewriting.edits];
  const { parent } = base;
  if (parent?.type === AST_NODE_TYPES.Property && parent.shorthand && parent.value === base) {
    return [...rewriting.edits, { start: base.range[0], end, text: `${old}: ${name}` }];
  }
  if (parent?.type === AST_NODE_TYPES.ExportSpecifier && parent.local.range[0] === parent.exported.range[0]) {
    return [...rewriting.edits, { start: base.range[0], end, text: `${name} as ${old}` }];
  }
  return [...rewriting.edits, { start: base.range[0], end, text: name }];
}

/** The name that an import has to bind for a new path. */
function headOf(binding: Binding, { to }: Rewriting): string | undefined {
  return to?.[parentPath(binding).length];
}

/** The path of the object or module that the name is a member of. */
export function parentPath(binding: Binding): readonly string[] {
  return memberPath(binding.origin.path).slice(0, -1);
}

/**
 * Whether the name is declared as `name`, `name as other` or `name: other`, without a default value, and not exported
 * there.
 */
function isPlainSpecifier({ node, variable, identifier }: Binding): boolean {
  if (variable.defs.length !== 1 || variable.identifiers[0] !== identifier) return false;
  if (node.type === AST_NODE_TYPES.ImportSpecifier) return true;
  if (node.type !== AST_NODE_TYPES.Property || node.computed || node.value.type !== AST_NODE_TYPES.Identifier)
    return false;
  const declaration = (variable.defs[0]?.node as TSESTree.Node | undefined)?.parent;
  return declaration?.parent?.type !== AST_NODE_TYPES.ExportNamedDeclaration;
}
