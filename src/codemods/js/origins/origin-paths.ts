/** Extends an origin by a member, and redirects exports of local modules to the package that they come from. Pure. */
import type { Origin, OriginQuery } from './origin.js';

export class OriginPaths {
  readonly #query: OriginQuery;

  constructor(query: OriginQuery) {
    this.#query = query;
  }

  /** The origin of a module's whole namespace. */
  ofModule(module: string): Origin {
    return this.#redirected({ module, path: [] });
  }

  /** The origin of a member of a value. */
  member(origin: Origin, name: string): Origin {
    return this.#redirected({ module: origin.module, path: [...origin.path, name] });
  }

  #redirected(origin: Origin): Origin {
    if (this.#query.isModule(origin.module)) return origin;
    return this.#query.redirect?.(origin) ?? origin;
  }
}
