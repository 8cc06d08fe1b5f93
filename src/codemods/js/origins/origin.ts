/**
 * The result of the origin analysis: every binding and every use in a file whose value comes from a module of
 * interest, through aliases, namespaces, `require`, destructuring, dynamic `import()` and interop helpers.
 * Migrations and lint rules share it, so that they cannot disagree. Pure.
 */
import type { Names } from '../syntax/names.js';
import type { Node } from '../syntax/syntax-tree.js';
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/types';

/** A module and a path of members from it: `{ module: '@tensorflow/tfjs', path: ['train', 'adam'] }`. */
export interface Origin {
  /** The specifier as written in the source, e.g. `@tensorflow/tfjs`. */
  readonly module: string;
  /** Member names, from the module's exports down; empty for the module itself. */
  readonly path: readonly string[];
}

/** Which kind of declaration binds a name. */
export type BindingKind =
  | 'import-named'
  | 'import-default'
  | 'import-namespace'
  /** `import x = require('m')`, `import X = tf.X` */
  | 'import-equals'
  /** `const x = require('m')`, `const x = await import('m')`, `const f = tf.utils.f`, `then((m) => …)` */
  | 'variable'
  /** One name of a destructuring pattern. */
  | 'destructured';

/** A local name whose value has a known origin. */
export interface Binding {
  readonly kind: BindingKind;
  readonly origin: Origin;
  /** The identifier that declares the name, or that is assigned in `let x; x = …`. */
  readonly identifier: TSESTree.Identifier;
  readonly variable: Variable;
  /** Import specifier, property of a pattern, declarator, assignment, or parameter: what to remove or rename. */
  readonly node: Node;
  /** The whole import declaration or variable declaration, where there is one. */
  readonly declaration: Node | undefined;
  readonly typeOnly: boolean;
  /** For an alias: the binding whose value it has. */
  readonly from: Binding | undefined;
}

/** One member access of a chain. */
export interface Step {
  readonly name: string;
  /** The member expression or qualified name that ends here. */
  readonly node: Node;
  /** The node that holds the member's name. */
  readonly property: Node;
}

/** One use of a value with a known origin: the longest static member chain. */
export interface OriginReference {
  readonly origin: Origin;
  /** The expression that has the value; for `tf.utils.f(x)` it is `tf.utils.f`. */
  readonly node: Node;
  /** `node` with the wrappers that keep its value (`as`, `!`, `(0, f)`, `await`); its parent uses the value. */
  readonly outermost: Node;
  /** The start of the chain: an identifier, a `require` call, an `import()`, an `import('m')` type. */
  readonly base: Node;
  /** Member accesses after `base`; the last one is `node`. */
  readonly steps: readonly Step[];
  /** The name at the start of the chain, unless the chain starts at the module itself. */
  readonly binding: Binding | undefined;
  readonly usage: 'value' | 'type' | 'export';
}

/** `export { f } from 'm'`, `export * from 'm'`. */
export interface ReExport {
  readonly origin: Origin;
  /** The name under which this file exports it; `*` for everything. */
  readonly exported: string;
  /** The export specifier, or the declaration for `export *`. */
  readonly node: Node;
  readonly declaration: TSESTree.ExportNamedDeclaration | TSESTree.ExportAllDeclaration;
  readonly typeOnly: boolean;
}

/** Code that loads a module of interest. */
export interface ModuleSource {
  readonly module: string;
  /** The string literal. */
  readonly literal: Node;
  /** The import or export declaration, `require` call, `import()` or import type. */
  readonly node: Node;
}

export interface Origins {
  readonly names: Names;
  readonly sources: readonly ModuleSource[];
  readonly bindings: readonly Binding[];
  readonly references: readonly OriginReference[];
  readonly reExports: readonly ReExport[];
  /** The origin of an expression, if the analysis has found one. */
  readonly originOf: (node: Node) => Origin | undefined;
}

/** Which modules to follow. */
export interface OriginQuery {
  /** Whether a module specifier, as written, is of interest. */
  readonly isModule: (specifier: string) => boolean;
  /**
   * Follows an export of a local module (`./compat`) to the module that it re-exports. The analysis calls it
   * for every origin that `isModule` rejects. Without it, the analysis does not follow local modules.
   */
  readonly redirect?: (origin: Origin) => Origin | undefined;
}

/** A path without leading `default`, under which CommonJS interop exports the namespace itself. */
export function memberPath(path: readonly string[]): readonly string[] {
  let start = 0;
  while (path[start] === 'default') start += 1;
  return start === 0 ? path : path.slice(start);
}
