/**
 * Uses that need another import: `import { fromPixels }` → `import { browser }`. All names that one
 * scope takes from one place are planned together, because they share specifiers and new names.
 */
import type { TextEdit } from '../../result.js';
import type { ExportUse } from './find-export-uses.js';
import type { FileView, Rewriting } from './site.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { RefusalReason } from '../../refusal-reason.js';
import { type Binding, memberPath } from '../origins/origin.js';

import { existingName, isFree, type Reader } from './name-resolution.js';
import { type NewSpecifier, specifierEdits } from './specifiers.js';

/** A use and what its fixer wants to write. */
export interface WantedUse {
  readonly use: ExportUse;
  readonly rewriting: Rewriting;
}

/** What is wanted of one bound name. */
export interface BindingWishes {
  readonly binding: Binding;
  /** The new path of the name as a whole, which takes all of `uses` or none. */
  readonly whole: Rewriting | undefined;
  /** Uses of the name itself, when `whole` is given. */
  readonly uses: readonly WantedUse[];
  /** Uses that stand each for itself. */
  readonly single: readonly WantedUse[];
}

export interface GroupPlan {
  readonly edits: readonly TextEdit[];
  /** Wishes as a whole, or single uses, that cannot be had. */
  readonly refused: ReadonlyMap<BindingWishes | WantedUse, RefusalReason>;
}

/** Plans the names that one scope takes from one path of one module. */
export function planBindingGroup(file: FileView, wishes: readonly BindingWishes[]): GroupPlan {
  const refused = new Map<BindingWishes | WantedUse, RefusalReason>();
  for (const wish of wishes) refuseUnwritable(file, wish, refused);
  const names = new Map<string, { local: string; isNew: boolean }>();
  const demands = demandsOf(file, wishes, refused);
  for (const [head, demand] of demands) {
    const { binding } = demand.wish;
    const path = [...parentPath(binding), head];
    const existing = existingName(file, binding.origin.module, path, demand.readers);
    if (existing !== undefined) names.set(head, { local: existing, isNew: false });
    else if (isFree(file, head, binding.variable.scope, demand.readers)) names.set(head, { local: head, isNew: true });
    else for (const who of demand.by) refused.set(who, RefusalReason.NameCollision);
  }
  const edits: TextEdit[] = [];
  for (const wish of wishes) {
    if (wish.whole !== undefined && !refused.has(wish)) {
      const keepsName = keepsLocalName(file, wish, refused);
      for (const wanted of wish.uses)
        edits.push(...useEdits(file, wish.binding, wanted, keepsName ? undefined : names));
    }
    for (const wanted of wish.single)
      if (!refused.has(wanted)) edits.push(...useEdits(file, wish.binding, wanted, names));
  }
  const specifiers = newSpecifiers(file, wishes, refused, names);
  const isLoadedElsewhere = (declaration: TSESTree.Node): boolean =>
    file.origins.sources.some(
      ({ module, node }) => module === wishes[0]?.binding.origin.module && node !== declaration,
    );
  return { edits: [...edits, ...specifierEdits(file.source.text, specifiers, isLoadedElsewhere)], refused };
}

interface Demand {
  readonly wish: BindingWishes;
  readonly readers: Reader[];
  readonly by: (BindingWishes | WantedUse)[];
}

/** Which new names are wanted, by whom, to be read where. */
function demandsOf(
  file: FileView,
  wishes: readonly BindingWishes[],
  refused: ReadonlyMap<BindingWishes | WantedUse, RefusalReason>,
): Map<string, Demand> {
  const demands = new Map<string, Demand>();
  const demand = (
    wish: BindingWishes,
    rewriting: Rewriting,
    by: BindingWishes | WantedUse,
    uses: readonly WantedUse[],
  ): void => {
    const head = headOf(wish.binding, rewriting);
    if (head === undefined) return;
    const readers = uses.map(({ use }) => ({
      node: use.reference.base,
      isType: use.reference.usage === 'type' || wish.binding.typeOnly,
    }));
    const known = demands.get(head);
    if (known === undefined) demands.set(head, { wish, readers, by: [by] });
    else {
      known.readers.push(...readers);
      known.by.push(by);
    }
  };
  for (const wish of wishes) {
    if (wish.whole !== undefined && !refused.has(wish) && !keepsLocalName(file, wish, refused)) {
      demand(wish, wish.whole, wish, wish.uses);
    }
    for (const wanted of wish.single) if (!refused.has(wanted)) demand(wish, wanted.rewriting, wanted, [wanted]);
  }
  return demands;
}

/** Refuses what no import from the same place could give, and what cannot be written where it stands. */
function refuseUnwritable(
  file: FileView,
  wish: BindingWishes,
  refused: Map<BindingWishes | WantedUse, RefusalReason>,
): void {
  const { binding } = wish;
  const parent = parentPath(binding);
  const isWritable = ({ use, rewriting }: WantedUse): boolean => {
    if (rewriting.to === undefined) return true;
    if (use.reference.usage === 'export')
      return rewriting.suffix === undefined && rewriting.to.length === parent.length + 1;
    return use.steps.every((step, index) => {
      const from = index === 0 ? use.reference.base.range[1] : use.steps[index - 1]!.property.range[1];
      return /^\s*\.\s*$/.test(file.source.text.slice(from, step.property.range[0]));
    });
  };
  const comesFromThere = ({ to }: Rewriting): boolean =>
    to === undefined || (to.length > parent.length && parent.every((name, index) => to[index] === name));
  const isPlainName = isPlainSpecifier(binding);
  if (wish.whole !== undefined && !(isPlainName && comesFromThere(wish.whole) && wish.uses.every(isWritable))) {
    refused.set(wish, RefusalReason.NotCalledDirectly);
  }
  for (const wanted of wish.single) {
    if (!(isPlainName && comesFromThere(wanted.rewriting) && isWritable(wanted)))
      refused.set(wanted, RefusalReason.NotCalledDirectly);
  }
}

/** `import { old as mine }` becomes `import { next as mine }`, and no use has to change. */
function keepsLocalName(
  file: FileView,
  wish: BindingWishes,
  refused: ReadonlyMap<BindingWishes | WantedUse, RefusalReason>,
): boolean {
  const { whole, binding } = wish;
  if (whole?.to === undefined || whole.suffix !== undefined || whole.to.length !== parentPath(binding).length + 1)
    return false;
  return (
    binding.identifier.name !== memberPath(binding.origin.path).at(-1) &&
    wish.single.length === 0 &&
    isRemovable(file, wish, refused)
  );
}

/** Whether nothing reads the old name any more. */
function isRemovable(
  file: FileView,
  wish: BindingWishes,
  refused: ReadonlyMap<BindingWishes | WantedUse, RefusalReason>,
): boolean {
  const rewritten = new Set(wish.single.filter((wanted) => !refused.has(wanted)).map(({ use }) => use.reference.base));
  if (wish.whole !== undefined && !refused.has(wish))
    for (const { use } of wish.uses) rewritten.add(use.reference.base);
  return file.origins.names
    .referencesTo(wish.binding.variable)
    .every((reference) => reference.isWriteOnly() || rewritten.has(reference.identifier as TSESTree.Node));
}

function newSpecifiers(
  file: FileView,
  wishes: readonly BindingWishes[],
  refused: ReadonlyMap<BindingWishes | WantedUse, RefusalReason>,
  names: ReadonlyMap<string, { local: string; isNew: boolean }>,
): NewSpecifier[] {
  const added = new Set<string>();
  const specifiers = wishes.map((wish): NewSpecifier & { wish: BindingWishes } => {
    const { binding, whole } = wish;
    const removed = isRemovable(file, wish, refused);
    if (removed && keepsLocalName(file, wish, refused)) {
      return { wish, binding, removed: false, heads: [], renamedTo: headOf(binding, whole!)! };
    }
    return { wish, binding, removed, heads: [], renamedTo: undefined };
  });
  // A name goes where an old one makes room for it, else beside the first that needs it.
  const ordered = [...specifiers].sort((a, b) => Number(b.removed) - Number(a.removed));
  for (const specifier of ordered) {
    for (const head of headsOf(specifier.wish, refused)) {
      if (names.get(head)?.isNew !== true || added.has(head) || specifier.renamedTo !== undefined) continue;
      added.add(head);
      (specifier.heads as string[]).push(head);
    }
  }
  return specifiers;
}

function headsOf(wish: BindingWishes, refused: ReadonlyMap<BindingWishes | WantedUse, RefusalReason>): string[] {
  const wanted = wish.single.filter((each) => !refused.has(each)).map(({ rewriting }) => rewriting);
  if (wish.whole !== undefined && !refused.has(wish)) wanted.unshift(wish.whole);
  return wanted.map((rewriting) => headOf(wish.binding, rewriting)).filter((head) => head !== undefined);
}

function useEdits(
  { source }: FileView,
  binding: Binding,
  { use, rewriting }: WantedUse,
  names: ReadonlyMap<string, { local: string }> | undefined,
): TextEdit[] {
  const head = headOf(binding, rewriting);
  if (head === undefined || names === undefined) return [...rewriting.edits];
  const { base } = use.reference;
  const rest = rewriting.to!.slice(parentPath(binding).length + 1);
  const name = [names.get(head)!.local, ...rest].join('.') + (rewriting.suffix ?? '');
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

/** The name to import for a new path. */
function headOf(binding: Binding, { to }: Rewriting): string | undefined {
  return to?.[parentPath(binding).length];
}

/** The path of what the name was taken from. */
export function parentPath(binding: Binding): readonly string[] {
  return memberPath(binding.origin.path).slice(0, -1);
}

/**
 * `name`, `name as other`, `name: other`, where the name is declared; not a pattern with a default value, nor one
 * whose names the module exports.
 */
function isPlainSpecifier({ node, variable, identifier }: Binding): boolean {
  if (variable.defs.length !== 1 || variable.identifiers[0] !== identifier) return false;
  if (node.type === AST_NODE_TYPES.ImportSpecifier) return true;
  if (node.type !== AST_NODE_TYPES.Property || node.computed || node.value.type !== AST_NODE_TYPES.Identifier)
    return false;
  const declaration = (variable.defs[0]!.node as TSESTree.Node).parent;
  return declaration?.parent?.type !== AST_NODE_TYPES.ExportNamedDeclaration;
}
