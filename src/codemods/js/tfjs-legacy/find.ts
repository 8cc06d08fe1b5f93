/**
 * Finds every use of a legacy API of TensorFlow.js, deeplearn and keras-js in one file, and plans its rewrite. The
 * migration and the lint rules both call this, so they report the same code. Pure.
 */
import type { JavaScriptEntry } from '../../../catalogue/catalogue-entry.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { FileView, LegacyUse } from './site.js';

import { NODE_MODULES } from '../../../catalogue/module-groups.js';
import { findOrigins } from '../origins/find-origins.js';

import { decideExportUses } from './decide-export-uses.js';
import { decideModuleUses } from './decide-module-uses.js';
import { decideReceiverUses } from './decide-receiver-uses.js';
import { asLegacyUses } from './decision.js';
import { joinPackageChange } from './join-package-change.js';
import { isCataloguedModule } from './legacy-index.js';

/** Options of {@link findTfjsLegacy}. */
export interface TfjsLegacyOptions {
  /** Ids of entries to ignore: `['tf.ENV']`. */
  readonly ignore?: readonly string[] | undefined;
}

/**
 * Finds the legacy uses in a file.
 *
 * @param source - The parsed file; `fromParsed` makes one from ESLint's tree.
 * @param options - Which entries to ignore.
 * @returns The uses in source order. Uses that one edit rewrites share a change.
 */
export function findTfjsLegacy(source: JavaScriptSource, options: TfjsLegacyOptions = {}): readonly LegacyUse[] {
  const { ignore = [] } = options;
  const origins = findOrigins(source, { isModule: isCataloguedModule });
  if (origins.sources.length === 0) return [];
  const file: FileView = { source, origins, modules: new Set(origins.sources.map(({ module }) => module)) };
  const isWanted = ({ id }: JavaScriptEntry): boolean => !ignore.includes(id);
  const exported = decideExportUses(file, isWanted);
  const modules = decideModuleUses(file, exported, isWanted);
  const isMerged = modules.some(
    ({ entry, planned }) => entry.fix?.kind === 'merge-node-import' && planned !== undefined,
  );
  // After the merge, the name refers to tfjs-node, which has the exports that plain tfjs lacks.
  const remaining = isMerged
    ? exported.decisions.filter(({ entry }) => !isMissingFromPlainOnly(entry))
    : exported.decisions;
  const decisions = joinPackageChange([...remaining, ...modules, ...decideReceiverUses(file, isWanted)], source.text);
  return asLegacyUses(decisions, source.text);
}

function isMissingFromPlainOnly({ match }: JavaScriptEntry): boolean {
  if (match.by !== 'export') return false;
  const modules = match.places.flatMap((place) => place.modules);
  return modules.includes('@tensorflow/tfjs') && !NODE_MODULES.some((module) => modules.includes(module));
}
