/** Tells which names of a file may stand for one model, in functions and methods alike. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { WrapSite } from '../find/wrap-site.js';

import { callsIn } from '../../analysis/calls.js';
import { assignmentOf, callArguments, calleeOf, enclosingClass } from '../../analysis/statements.js';
import { variableOf } from '../../analysis/variables.js';
import { childByField, namedChildren, type PyNode } from '../../syntax/node.js';

import { isMethod } from './method-calls.js';

/** The names of the models of one file. */
export class ModelNames {
  readonly #module: PythonModule;
  readonly #owners = new Map<object, number>();
  /** For each name another one of the same model. */
  readonly #same = new Map<string, string>();

  constructor(module: PythonModule, sites: readonly WrapSite[]) {
    this.#module = module;
    for (const { model, target } of sites) this.#join(model, target);
    for (const statement of module.source.nodes) {
      const { left, right } = assignmentOf(statement) ?? {};
      if (right !== undefined) for (const value of this.#passedOn(right)) this.#join(left, value);
    }
  }

  /** One text for all names of a model; undefined unless the expression is a name or an attribute. */
  nameOf(expression: PyNode | undefined): string | undefined {
    let name = expression === undefined ? undefined : this.#ownName(expression);
    for (let next = name; next !== undefined; next = this.#same.get(next)) name = next;
    return name;
  }

  /** The calls of methods of these names, each with the name of its model. */
  methodCalls(methods: ReadonlySet<string>): { readonly call: PyNode; readonly name: string }[] {
    return callsIn(this.#module.source.root).flatMap(({ call, callee }) => {
      const name = isMethod(this.#module, callee, methods) ? this.nameOf(childByField(callee, 'object')) : undefined;
      return name === undefined ? [] : [{ call, name }];
    });
  }

  /** The names that a value may be, or the only one that a function of the project makes it from. */
  #passedOn(value: PyNode): PyNode[] {
    if (isName(value)) return [value];
    if (/^(boolean_operator|parenthesized_expression)$/.test(value.type)) return namedChildren(value).filter(isName);
    // The second operand only decides.
    if (value.type === 'conditional_expression')
      return namedChildren(value).filter((operand, index) => index !== 1 && isName(operand));
    const callee = calleeOf(value);
    if (callee === undefined || this.#module.origins.of(callee).some((origin) => /keras/.test(origin))) return [];
    const { positional, keywords } = callArguments(this.#module.source, value);
    const given = [...positional, ...keywords.values()].filter(isName);
    return given.length === 1 ? given : [];
  }

  #join(one: PyNode | undefined, two: PyNode | undefined): void {
    const [first, second] = [this.nameOf(one), this.nameOf(two)];
    if (first !== undefined && second !== undefined && first !== second) this.#same.set(first, second);
  }

  /** Attributes of one class are the same in all its methods. */
  #ownName(expression: PyNode): string | undefined {
    const variable = variableOf(this.#module, expression);
    if (variable === undefined) return undefined;
    const owner = variable.text.startsWith('self.') ? enclosingClass(expression) : undefined;
    const key = owner ?? variable.root;
    if (!this.#owners.has(key)) this.#owners.set(key, this.#owners.size);
    return `${String(this.#owners.get(key))}:${variable.text}`;
  }
}

function isName({ type }: PyNode): boolean {
  return type === 'identifier' || type === 'attribute';
}
