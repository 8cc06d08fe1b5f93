/** What the plan of the wraps of one function knows about the rest of the file and the project. Types only. */
import type { PyNode } from '../../syntax/node.js';
import type { ProjectContext } from './project-context.js';

/** What the plan of a group of wraps knows. */
export interface GroupContext {
  readonly context: ProjectContext;
  /** Imports that will be removed. A block that contains nothing else counts as empty. */
  readonly removedImports: ReadonlySet<PyNode>;
  /** The names of strategies that other groups create. */
  readonly usedNames: ReadonlySet<string>;
  /** Whether the function only runs in a scope that its callers enter. */
  readonly runsInCallersScope: boolean;
}
