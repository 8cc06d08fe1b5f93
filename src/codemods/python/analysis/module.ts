/** One Python file with its tree, its scopes and the origins of its names. Pure. */
import type { PyNode } from '../syntax/node.js';
import type { PythonSource } from '../syntax/source.js';

import { type OriginContext, Origins } from './origin.js';
import { Scopes } from './scopes.js';

/** One analyzed Python file. All modules of the same source share its scopes and identifiers. */
export class PythonModule {
  readonly #context: OriginContext;
  #origins: Origins | undefined;

  constructor(
    readonly source: PythonSource,
    context: OriginContext = {},
  ) {
    this.#context = context;
  }

  // Computed on first use, because some migrations only look at the names of methods.
  get scopes(): Scopes {
    return this.source.derived(scopesOf);
  }

  get origins(): Origins {
    return (this.#origins ??= new Origins(this.source, this.scopes, this.#context));
  }

  /** Every identifier with this name, including names of attributes, in source order. */
  identifiersNamed(name: string): readonly PyNode[] {
    return this.source.derived(identifiersOf).get(name) ?? [];
  }
}

function scopesOf(source: PythonSource): Scopes {
  return new Scopes(source);
}

function identifiersOf(source: PythonSource): ReadonlyMap<string, readonly PyNode[]> {
  const identifiers = new Map<string, PyNode[]>();
  for (const node of source.nodes) {
    if (node.type !== 'identifier') continue;
    const text = source.textOf(node);
    const known = identifiers.get(text);
    if (known === undefined) identifiers.set(text, [node]);
    else known.push(node);
  }
  return identifiers;
}
