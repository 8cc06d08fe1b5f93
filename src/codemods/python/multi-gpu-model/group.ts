/** What the planner knows about the wraps that it moves together: sites, variables, blocks. */
import type { PythonModule } from '../analysis/module.js';
import { type Variable, variableOf } from '../analysis/variables.js';
import type { PyNode } from '../syntax/node.js';
import type { WrapSite } from './wrap-site.js';

/** One wrap with the names of the two models. */
export interface GroupMember {
  readonly site: WrapSite;
  /** The name of the model that is wrapped; undefined when it is built in the call itself. */
  readonly template: Variable | undefined;
  /** The name that receives the wrapped model; undefined when it is returned, passed on or dropped. */
  readonly parallel: Variable | undefined;
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
