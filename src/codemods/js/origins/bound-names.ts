/** Collects the variables whose value has a known origin. Pure. */
import type { Names } from '../syntax/names.js';
import type { Node } from '../syntax/syntax-tree.js';
import type { FollowedValue } from './followed-value.js';
import type { Binding } from './origin.js';
import type { Reference, Variable } from '@typescript-eslint/scope-manager';

/** A declaration or assignment that gives a variable a value of known origin. */
export type NewBinding = Omit<Binding, 'variable'>;

export class BoundNames {
  readonly #names: Names;
  readonly #bindings: Binding[] = [];
  readonly #followed = new Set<Variable>();
  /** For each variable, the writes of known origin so far. */
  readonly #knownWrites = new Map<Variable, Binding[]>();

  constructor(names: Names) {
    this.#names = names;
  }

  get bindings(): readonly Binding[] {
    return this.#bindings;
  }

  /**
   * Adds a binding.
   * @param added - The binding, without its variable.
   * @returns The reads of its variable, once all writes are known; `undefined` if no code declares the variable.
   */
  bind(added: NewBinding): FollowedValue[] | undefined {
    const variable = this.#variableAt(added);
    if (variable === undefined) return undefined;
    const known = this.#knownWrites.get(variable) ?? [];
    known.push({ ...added, variable });
    this.#knownWrites.set(variable, known);
    // A variable has an origin only if every value that it is ever assigned has one.
    const references = this.#names.referencesTo(variable);
    const isKnown = (write: Reference): boolean => known.some(({ identifier }) => identifier === write.identifier);
    if (references.some((reference) => reference.isWrite() && !isKnown(reference))) return [];
    for (const binding of known) if (!this.#bindings.includes(binding)) this.#bindings.push(binding);
    const [first] = known;
    if (first === undefined || this.#followed.has(variable)) return [];
    this.#followed.add(variable);
    return references
      .filter((reference) => reference.isRead() || isTypeReference(reference))
      .map(({ identifier }) => ({
        origin: first.origin,
        node: identifier,
        base: identifier,
        steps: [],
        binding: first,
        promised: false,
      }));
  }

  #variableAt({ identifier, node, declaration }: NewBinding): Variable | undefined {
    const used = this.#names.variableOf(identifier);
    if (used !== undefined) return used;
    for (const declaring of [node, declaration]) {
      const declared = declaring === undefined ? undefined : this.#names.declaredAs(identifier, declaring);
      if (declared !== undefined) return declared;
    }
    return undefined;
  }
}

/** ESLint's own scope manager has no type references. */
function isTypeReference(
  reference: Partial<Pick<Reference, 'isTypeReference'>> & { readonly identifier: Node },
): boolean {
  return reference.isTypeReference === true;
}
