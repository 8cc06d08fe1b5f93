/** What the planner knows about the wraps that it moves together: sites, variables, blocks. */
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';
import type { WrapSite } from '../find/wrap-site.js';
import type { Definition } from '../uses/exported-origin.js';

import { type Variable, variableOf } from '../../analysis/variables.js';

/** One wrap with the names of the two models. */
export interface GroupMember {
  readonly site: WrapSite;
  /** The name of the model that is wrapped; undefined when it is built in the call itself. */
  readonly template: Variable | undefined;
  /** The name that receives the wrapped model; undefined when it is returned, passed on or dropped. */
  readonly parallel: Variable | undefined;
}

/** What a group needs from the file around it. */
export interface GroupEnvironment {
  /** Import statements that will be gone, so that a block of nothing else counts as empty. */
  readonly vanishing: ReadonlySet<PyNode>;
  /** Strategy names that other groups of the same scope took. */
  readonly taken: ReadonlySet<string>;
  /** Whether other files compile what a function returns, and can be made to do it in the scope. */
  readonly compiledElsewhere: (definition: PyNode) => boolean;
  /** Whether what a call hands a model to only predicts with it. */
  readonly predictedBy: (call: PyNode, model: PyNode) => boolean;
  /** Whether other files compile or train a class's attribute of this name, or, with `goingOn`, take it where that may happen. */
  readonly trainedElsewhere: (attribute: string, owner: PyNode, goingOn: boolean) => boolean;
  /** The classes of other files that extend a class of this one. */
  readonly subclassesOf: (owner: PyNode) => readonly Definition[];
  /** Where a callable comes from, through modules of the project that pass it on. */
  readonly originsOf: (callee: PyNode) => readonly string[];
  /** Whether the function only runs in the scope that its callers enter. */
  readonly inCallersScope: boolean;
  /** Whether a model that comes in as a parameter is built in the scope by whoever calls. */
  readonly builtByCallers: boolean;
}

/** Reads the two names off a site. */
export function groupMember(module: PythonModule, site: WrapSite): GroupMember {
  return {
    site,
    template: variableOf(module, site.model),
    parallel: site.target === undefined ? undefined : variableOf(module, site.target),
  };
}

/** The innermost block that holds all nodes. */
export function commonBlock(nodes: readonly PyNode[], isBlock: (node: PyNode) => boolean): PyNode | undefined {
  const [first] = nodes;
  if (first === undefined) return undefined;
  const start = Math.min(...nodes.map((node) => node.start));
  const end = Math.max(...nodes.map((node) => node.end));
  for (let node: PyNode | undefined = first.parent; node !== undefined; node = node.parent) {
    if (isBlock(node) && node.start <= start && end <= node.end) return node;
  }
  return undefined;
}
