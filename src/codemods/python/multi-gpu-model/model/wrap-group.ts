/** The wraps that one function makes, which move into a scope together. Pure. */
import type { StrategyTarget } from '../../../options.js';
import type { Refusal } from '../../../refusal.js';
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';
import type { WrapSite } from '../find/wrap-site.js';
import type { FindDefinitions } from './constructed-models.js';
import type { OwnScope } from './own-scope.js';

import { enclosingFunction } from '../../analysis/statements.js';
import { type Variable, variableOf } from '../../analysis/variables.js';

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
  /** `parallel = template` statements, which have no effect once both are one model. */
  readonly aliases: readonly PyNode[];
  /** The scope that the program itself enters around the wraps. */
  readonly ownScope: OwnScope | undefined;
}

/** What the plan of a group knows about the rest of the file and the project. */
export interface GroupContext {
  /** The strategy to write. */
  readonly target: StrategyTarget;
  /** Imports that will be removed. A block that contains nothing else counts as empty. */
  readonly removedImports: ReadonlySet<PyNode>;
  /** The names of strategies that other groups create. */
  readonly usedNames: ReadonlySet<string>;
  /** The refusal when another file builds a larger model from what a function returns. */
  readonly returnComposedAt: (definition: PyNode) => Refusal | undefined;
  /** Whether other files compile what a function returns, and can do so in the scope. */
  readonly compiledInOtherFiles: (definition: PyNode) => boolean;
  /** Whether a call that receives the model only predicts with it. */
  readonly onlyPredicts: (call: PyNode, model: PyNode) => boolean;
  /** Whether other files train an attribute of a class; with `orPassOn`, also whether they pass it on. */
  readonly trainedInOtherFiles: (attribute: string, owner: PyNode, orPassOn: boolean) => boolean;
  /** The classes of other files that extend a class of this one. */
  readonly subclassesOf: (owner: PyNode) => readonly Definition[];
  /** The classes and functions of other files that a callee may refer to. */
  readonly definitionsOf: FindDefinitions;
  /** Where a callable comes from, through modules of the project that re-export it. */
  readonly originsOf: (callee: PyNode) => readonly string[];
  /** Whether the function only runs in a scope that its callers enter. */
  readonly runsInCallersScope: boolean;
  /** Whether the callers build a model that is a parameter, in their scope. */
  readonly builtByCallers: boolean;
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
