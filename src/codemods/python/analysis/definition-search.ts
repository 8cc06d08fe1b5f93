/** Remembers which definitions of variables were found, so that a chain `x = f(x)` is walked once. Pure. */
import type { PythonModule } from './module.js';

import { contains, type PyNode } from '../syntax/node.js';

import { assignmentOf, blockOf } from './statements.js';
import { continuesFrom, sameVariable, searchDefinitions, type Variable } from './variables.js';

/** Searches that share what they found. */
export class DefinitionSearch {
  readonly #module: PythonModule;
  readonly #searched: { readonly variable: Variable; readonly definitions: Set<PyNode> }[] = [];

  constructor(module: PythonModule) {
    this.#module = module;
  }

  /** The variables that were searched for. */
  get variables(): Variable[] {
    return this.#searched.map(({ variable }) => variable);
  }

  /** The definitions of a variable that may reach a node; only those behind which no other search went on. */
  find(variable: Variable, at: PyNode): PyNode[] {
    const known = this.#definitionsOf(variable);
    const found: PyNode[] = [];
    for (const definition of searchDefinitions(this.#module, variable, at)) {
      if (known.has(definition) && this.#isOnTheWay(variable, definition, at)) break;
      found.push(definition);
    }
    for (const definition of found) known.add(definition);
    return found;
  }

  #definitionsOf(variable: Variable): Set<PyNode> {
    const known = this.#searched.find((each) => sameVariable(each.variable, variable));
    if (known !== undefined) return known.definitions;
    const definitions = new Set<PyNode>();
    this.#searched.push({ variable, definitions });
    return definitions;
  }

  /** Whether every search from a node passes a definition and goes on behind it, as one before did. */
  #isOnTheWay(variable: Variable, definition: PyNode, at: PyNode): boolean {
    const value = assignmentOf(definition)?.right;
    return value !== undefined && contains(blockOf(definition), at) && continuesFrom(this.#module, variable, value);
  }
}
