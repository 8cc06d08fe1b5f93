/** Warnings beside the changes that write a strategy. Reads the project's manifests through `SourceFiles` only. */
import type { WrittenApi } from '../../../catalogue/strategy-versions-table.js';
import type { MigrationContext } from '../../migration.js';
import type { Change, Finding } from '../../result.js';

import { manifestsOf, projectRoot } from '../project/project-files.js';

import { versionWarning } from './failing-versions.js';
import { readRequirements } from './read-requirements.js';

/** Code that says itself that it trains with legacy Keras. */
const LEGACY_KERAS = /\btf_keras\b|TF_USE_LEGACY_KERAS/;

/**
 * The changes, with a warning at the first one that writes an API which the project's versions fail with.
 * @param written What a change writes, if it is one of the APIs with known failures.
 */
export function withVersionWarnings(
  changes: readonly Change[],
  { text }: { readonly text: string },
  context: MigrationContext,
  written: (change: Change) => WrittenApi | undefined,
): Change[] {
  const { files } = context;
  const told = new Set<WrittenApi>();
  return changes.map((change) => {
    const api = written(change);
    const [place] = change.findings;
    if (api === undefined || place === undefined || told.has(api) || files === undefined) return change;
    told.add(api);
    const root = projectRoot(context);
    if (root === undefined || LEGACY_KERAS.test(text)) return change;
    const message = versionWarning(api, readRequirements(manifestsOf(files, root)));
    if (message === undefined) return change;
    const { migration, start, end } = place;
    const warning: Finding = { migration, api, message, disposition: 'warn', start, end };
    return { ...change, consequences: [...(change.consequences ?? []), warning] };
  });
}
