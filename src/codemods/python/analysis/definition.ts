/** A class or function that another file of the project defines. Types only. */
import type { PyNode } from '../syntax/node.js';
import type { PythonModule } from './module.js';

/** A class or function at the top level of a module. */
export interface Definition {
  readonly module: PythonModule;
  readonly node: PyNode;
}
