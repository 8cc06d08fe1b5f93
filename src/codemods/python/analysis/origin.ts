/**
 * Resolves a name to the dotted path that it is imported from: `multi_gpu_model`, `ku.multi_gpu_model` and
 * `tf.keras.utils.multi_gpu_model` can be the same function. A local function of that name has no origin. Pure.
 */
import type { PythonSource } from '../syntax/source.js';
import type { Binding, Scopes } from './scopes.js';

import { childByField, contains, type PyNode } from '../syntax/node.js';

import { type ImportedName, importedNames, moduleOf } from './imports.js';

/** Resolves names that a star import may bind. */
export interface OriginContext {
  /** The origin of a name that `from module import *` binds. */
  starMember?(module: string, name: string): string | undefined;
}

/** Resolves expressions of one file to import origins. */
export class Origins {
  readonly #imports = new Map<PyNode, ImportedName[]>();
  readonly #paths = new Map<Binding, readonly string[]>();

  constructor(
    readonly source: PythonSource,
    readonly scopes: Scopes,
    readonly context: OriginContext = {},
  ) {}

  /** The import clauses that bind a name; empty when anything but an import or a fallback to `None` binds it. */
  importsOf(binding: Binding): ImportedName[] {
    const found: ImportedName[] = [];
    for (const write of binding.writes) {
      if (write.kind === 'import') {
        const match = this.#namesOf(write.site).find((name) => contains(name.clause, write.name));
        if (match !== undefined) found.push(match);
      } else if (!isNoneFallback(this.source, write.site)) {
        return [];
      }
    }
    return found;
  }

  /** The dotted paths that an identifier or attribute may refer to; empty when it is not imported. */
  of(expression: PyNode): readonly string[] {
    if (expression.type === 'identifier') {
      const binding = this.scopes.bindingOf(expression);
      if (binding !== undefined) {
        let paths = this.#paths.get(binding);
        if (paths === undefined)
          this.#paths.set(binding, (paths = unique(this.importsOf(binding).map((name) => this.#pathOf(name)))));
        return paths;
      }
      const name = this.source.textOf(expression);
      for (const statement of this.scopes.starImports) {
        const module = moduleOf(this.source, statement);
        const origin = this.context.starMember?.(module, name);
        if (origin !== undefined) return [origin];
      }
      return [];
    }
    if (expression.type === 'attribute') {
      const object = childByField(expression, 'object');
      const member = childByField(expression, 'attribute');
      if (object === undefined || member === undefined) return [];
      const name = this.source.textOf(member);
      return this.of(object).map((path) => `${path}.${name}`);
    }
    return [];
  }

  /** The single origin of an expression, or undefined when there is none or more than one. */
  single(expression: PyNode): string | undefined {
    const all = this.of(expression);
    return all.length === 1 ? all[0] : undefined;
  }

  #pathOf(name: ImportedName): string {
    if (name.member !== undefined) {
      return `${name.module}${name.module.endsWith('.') ? '' : '.'}${name.member}`;
    }
    return name.bindsTopLevel ? name.local : name.module;
  }

  #namesOf(statement: PyNode): ImportedName[] {
    let names = this.#imports.get(statement);
    if (names === undefined) {
      names = importedNames(this.source, statement);
      this.#imports.set(statement, names);
    }
    return names;
  }
}

function isNoneFallback(source: PythonSource, site: PyNode): boolean {
  if (site.type !== 'assignment') return false;
  const right = childByField(site, 'right');
  return right !== undefined && source.textOf(right) === 'None';
}

function unique(values: string[]): string[] {
  return [...new Set(values)];
}
