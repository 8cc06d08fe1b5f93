/** The input of a proof of a receiver's type, and checks that several proofs share. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { MatchBy } from '../legacy-use.js';

import { childByField, type PyNode } from '../../syntax/node.js';

/** `object.name`, as it is written in a file. */
export interface MemberAccess {
  /** The whole attribute. */
  readonly node: PyNode;
  readonly object: PyNode;
  readonly name: string;
}

/** Whether names and imports prove that the object of an attribute has a type. */
export type ReceiverProof = (module: PythonModule, access: MemberAccess, match: MatchBy<'receiver'>) => boolean;

/** Whether the file itself defines a class or function with this name. */
export function definesMethod(module: PythonModule, name: string): boolean {
  return module
    .identifiersNamed(name)
    .some(({ parent, field }) => parent?.type === 'function_definition' && field === 'name');
}

/** Whether any import of the file names a module that matches. */
export function importsAny(module: PythonModule, pattern: RegExp): boolean {
  for (const node of module.source.nodes) {
    if (node.type !== 'import_statement' && node.type !== 'import_from_statement') continue;
    if (node.children.some((child) => pattern.test(module.source.textOf(child)))) return true;
    for (const child of node.children) {
      const name = child.type === 'aliased_import' ? childByField(child, 'name') : undefined;
      if (name !== undefined && pattern.test(module.source.textOf(name))) return true;
    }
  }
  return false;
}
