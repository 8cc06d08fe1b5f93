/** Finds uses of a module's exports that are in the catalogue. Decides nothing. Pure. */
import type { Node } from '../syntax/syntax-tree.js';
import type { Located } from './member-name.js';
import type { FileView, Site } from './site.js';

import { type Binding, memberPath, type Origin, type OriginReference } from '../origins/origin.js';

import { type Call, callOf } from './call-site.js';
import { isLegacyCall } from './legacy-call.js';
import { entriesAt, type EntryBy } from './legacy-index.js';

/** A use of an export that has a catalogue entry. */
export interface ExportUse extends Located {
  readonly entry: EntryBy<'export'>;
  readonly site: Site;
  /** The path from the module to the legacy name. */
  readonly path: readonly string[];
  /** The local name that holds the legacy value itself; `undefined` when a member access leads to it. */
  readonly heldBy: Binding | undefined;
}

/** A legacy name that an import or a pattern binds, used or not. */
export interface LegacyBinding {
  readonly entry: EntryBy<'export'>;
  readonly binding: Binding;
}

/** The legacy use in a reference, if there is one. The entry with the longest path wins. */
export function exportUseOf(reference: OriginReference, file: FileView): ExportUse | undefined {
  const { origin, steps, base, node, outermost, binding } = reference;
  const path = memberPath(origin.path);
  const defaults = origin.path.length - path.length;
  const boundLength = origin.path.length - steps.length;
  const firstStep = Math.max(0, defaults - boundLength);
  for (const { entry, length } of entriesAt(origin.module, path)) {
    const stepCount = length + defaults - boundLength;
    const isWhole = stepCount >= steps.length;
    const denoting: Node = stepCount <= 0 ? base : (steps[stepCount - 1]?.node ?? node);
    // The binding already went through the legacy name, and the finder reports it there.
    if (stepCount < 0 || (stepCount === 0 && binding === undefined)) continue;
    const call = callOf(isWhole ? outermost : denoting);
    if (entry.match.call !== undefined && !holds(entry, call, file)) continue;
    return {
      entry,
      reference,
      path: path.slice(0, length),
      basePath: path.slice(0, Math.max(0, boundLength - defaults)),
      steps: steps.slice(firstStep, Math.max(firstStep, stepCount)),
      heldBy: stepCount === 0 ? binding : undefined,
      site: { entry, file, node: denoting, call, usage: reference.usage },
    };
  }
  return undefined;
}

/** The entry of a bound name itself, however the code uses it. */
export function legacyBindingOf(binding: Binding): LegacyBinding | undefined {
  const path = memberPath(binding.origin.path);
  const found = entriesAt(binding.origin.module, path).find(
    ({ entry, length }) => length === path.length && entry.match.call === undefined,
  );
  return found === undefined ? undefined : { entry: found.entry, binding };
}

/** The entry of a re-exported name. */
export function legacyExportOf({ module, path }: Origin): EntryBy<'export'> | undefined {
  const members = memberPath(path);
  return entriesAt(module, members).find(
    ({ entry, length }) => length === members.length && entry.match.call === undefined,
  )?.entry;
}

function holds({ match }: EntryBy<'export'>, call: Call | undefined, { origins, modules }: FileView): boolean {
  return match.call === undefined || isLegacyCall(call, match.call, { names: origins.names, modules });
}
