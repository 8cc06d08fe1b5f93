/** Adds warnings to changes that write a strategy. Reads the manifests of the project through `SourceFiles`. */
import type { WrittenApi } from '../../../catalogue/strategy-versions-table.js';
import type { MigrationContext } from '../../migration.js';
import type { Change, Finding } from '../../result.js';

import { manifestsOf } from '../project/project-files.js';
import { projectRoot } from '../project/project-root.js';

import { versionWarning } from './failing-versions.js';
import { readRequirements } from './read-requirements.js';

/** Matches code that itself selects legacy Keras. */
const LEGACY_KERAS = /\btf_keras\b|TF_USE_LEGACY_KERAS/;

/**
 * Adds one warning for each API that fails with the versions of the project, to the first change that writes the API.
 *
 * @param changes - The changes of a file.
 * @param source - The file.
 * @param context - Its project.
 * @param written - The API that a change writes, if it has known failures.
 * @returns The changes, with their warnings.
 */
export function withVersionWarnings(
  changes: readonly Change[],
  source: { readonly text: string },
  context: MigrationContext,
  written: (change: Change) => WrittenApi | undefined,
): Change[] {
  const { files, absolutePath } = context;
  const seen = new Set<WrittenApi>();
  return changes.map((change) => {
    const api = written(change);
    const [finding] = change.findings;
    if (api === undefined || finding === undefined || seen.has(api)) return change;
    seen.add(api);
    if (files === undefined || absolutePath === undefined || LEGACY_KERAS.test(source.text)) return change;
    const root = projectRoot(files, absolutePath);
    const message = versionWarning(api, readRequirements(manifestsOf(files, root)));
    if (message === undefined) return change;
    const { migration, start, end } = finding;
    const warning: Finding = { migration, api, message, disposition: 'warn', start, end };
    return { ...change, consequences: [...(change.consequences ?? []), warning] };
  });
}
