/** A model under one of its names. Types only. */
import type { Variable } from '../../analysis/variables.js';
import type { PyNode } from '../../syntax/node.js';

/** A model under one of its names. */
export interface NamedModel {
  readonly variable: Variable;
  /** The function that uses the name, or the module. */
  readonly body: PyNode;
}
