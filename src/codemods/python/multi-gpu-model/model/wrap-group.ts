/** The wraps that one function makes, which move into a scope together. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { WrapSite } from '../find/wrap-site.js';
import type { OwnScope } from './own-scope.js';

import { enclosingFunction } from '../../analysis/statements.js';
import { type Variable, variableOf } from '../../analysis/variables.js';
import { contains, type PyNode } from '../../syntax/node.js';

/** What is created too early, and the statement above which it can be created instead. */
export interface LateCreation {
  readonly statement: PyNode;
  readonly before: PyNode;
}

/** One wrap with the names of the two models. */
export interface Wrap {
  readonly site: WrapSite;
  /** The name of the original model; undefined when the call itself builds it. */
  readonly template: Variable | undefined;
  /** The name of the multi-GPU model; undefined when it is returned, passed on or discarded. */
  readonly parallel: Variable | undefined;
}

/** The wraps of one function, with everything that has to share their scope. */
export interface WrapGroup {
  readonly wraps: readonly Wrap[];
  /** The block whose statements move. */
  readonly block: PyNode;
  /** Statements that have to run inside the scope. */
  readonly scopeStatements: ReadonlySet<PyNode>;
  /** The names of the original and the multi-GPU models. */
  readonly models: readonly Variable[];
  /** Everything else that the scope builds: parts of the models, and models of the same layers. */
  readonly relatives: readonly Variable[];
  readonly compileCalls: readonly PyNode[];
  /** What these calls use and other code creates now. */
  readonly late: readonly LateCreation[];
  /** `parallel = template` statements, which have no effect once both are one model. */
  readonly aliases: readonly PyNode[];
  /** The scope that the program itself enters around the wraps. */
  readonly ownScope: OwnScope | undefined;
}

/** Reads the two names of a wrap. */
export function wrapOf(module: PythonModule, site: WrapSite): Wrap {
  return {
    site,
    template: variableOf(module, site.model),
    parallel: site.target === undefined ? undefined : variableOf(module, site.target),
  };
}

/** The function that contains a node, or the whole module. */
export function functionOrModule(module: PythonModule, node: PyNode | undefined): PyNode {
  return (node === undefined ? undefined : enclosingFunction(node)) ?? module.source.root;
}

/** Whether a statement contains a wrap of the group, or something that has to share its scope. */
export function isAboutGroup({ wraps, scopeStatements }: WrapGroup, statement: PyNode): boolean {
  return (
    [...scopeStatements].some((node) => contains(statement, node)) ||
    wraps.some(({ site }) => contains(statement, site.statement))
  );
}
