/** Calls the fixer for each kind of fix. Pure. */
import type { PythonFix } from '../../../../catalogue/catalogue-entry.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';
import type { FixResult } from '../legacy-use.js';

import { assignAttribute } from './assign-attribute.js';
import { renameCall } from './rename-call.js';
import { renameField } from './rename-field.js';
import { renameName } from './rename-name.js';

/** `undefined` if no fixer writes this kind of fix. */
export function applyFix(module: PythonModule, use: PyNode, fix: PythonFix): FixResult | undefined {
  switch (fix.kind) {
    case 'rename-name':
      return renameName(module, use, fix);
    case 'rename-member':
      return renameField(use, 'attribute', fix.to);
    case 'rename-keyword':
      return renameField(use, 'name', fix.to);
    case 'rename-call':
      return renameCall(module, use, fix);
    case 'assign-attribute':
      return assignAttribute(module, use, fix);
    case 'own-planner':
      return undefined;
  }
}
