/** One Python file with its tree, its scopes and the origins of its names. Pure. */
import type { PyNode } from '../syntax/node.js';
import type { PythonSource } from '../syntax/source.js';

import { type OriginContext, Origins } from './origin.js';
import { Scopes } from './scopes.js';

/** One analyzed Python file. */
export class PythonModule {
  readonly #context: OriginContext;
  #scopes: Scopes | undefined;
  #origins: Origins | undefined;
  #identifiers: Map<string, PyNode[]> | undefined;

  constructor(
    readonly source: PythonSource,
    context: OriginContext = {},
  ) {
    this.#context = context;
  }

  // Computed on first use, because some migrations only look at the names of methods.
  get scopes(): Scopes {
    return (this.#scopes ??= new Scopes(this.source));
  }

  get origins(): Origins {
    return (this.#origins ??= new Origins(this.source, this.scopes, this.#context));
  }

  /** Every identifier of this name, attribute names included, in source order. */
  identifiersNamed(name: string): readonly PyNode[] {
    if (this.#identifiers === undefined) {
      this.#identifiers = new Map();
      for (const node of this.source.nodes) {
        if (node.type !== 'identifier') continue;
        const text = this.source.textOf(node);
        const known = this.#identifiers.get(text);
        if (known === undefined) this.#identifiers.set(text, [node]);
        else known.push(node);
      }
    }
    return this.#identifiers.get(name) ?? [];
  }
}
