/** The migration `tfjs-legacy`: turns what {@link findTfjsLegacy} finds into a plan. Pure. */
import type { Migration } from '../../migration.js';
import type { Change } from '../../result.js';
import type { JavaScriptSource } from '../syntax/parse.js';

import { findTfjsLegacy } from './find.js';
import { tfjsLegacyInfo } from './info.js';

export { findTfjsLegacy } from './find.js';
export { type UseKind } from './site.js';

export const tfjsLegacy: Migration<JavaScriptSource> = {
  ...tfjsLegacyInfo,
  plan(source) {
    const uses = findTfjsLegacy(source);
    const changes = new Set<Change>();
    for (const { change } of uses) if (change?.safety === 'safe') changes.add(change);
    // A person has to accept a suggestion, so the use is only reported.
    const findings = uses.filter(({ change }) => change?.safety !== 'safe').map(({ finding }) => finding);
    return { changes: [...changes], findings };
  },
};
