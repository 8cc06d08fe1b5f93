/** Finds every use of catalogue entries in one Python file. Decides nothing. Pure. */
import type { PythonEntry } from '../../../catalogue/catalogue-entry.js';
import type { PythonModule } from '../analysis/module.js';
import type { PyNode } from '../syntax/node.js';
import type { LegacyUse } from './legacy-use.js';

import { isKeyword } from './matchers/keyword.js';
import { isNamed } from './matchers/qualified-name.js';
import { isMember } from './matchers/receiver.js';
import { isSetter } from './matchers/setter.js';

/** @returns The uses in source order. */
export function findLegacyUses(module: PythonModule, entries: readonly PythonEntry[]): LegacyUse[] {
  const uses: LegacyUse[] = [];
  for (const node of module.source.nodes)
    for (const entry of entries) if (isUse(module, node, entry)) uses.push({ entry, node });
  return uses;
}

function isUse(module: PythonModule, node: PyNode, { match }: PythonEntry): boolean {
  switch (match.by) {
    case 'qualified-name':
      return isNamed(module, node, match);
    case 'receiver':
      return isMember(module, node, match);
    case 'keyword':
      return isKeyword(module, node, match);
    case 'setter':
      return isSetter(module, node, match);
    case 'module':
    case 'none':
      return false;
  }
}
