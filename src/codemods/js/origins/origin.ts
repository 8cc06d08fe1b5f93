/**
 * Where values come from: every binding and every use in a file whose origin is a module of
 * interest, through aliases, namespaces, `require`, destructuring, dynamic `import()` and interop
 * helpers. Migrations and lint rules ask here, so that they cannot disagree. Reads no files.
 */
import type { Names } from '../syntax/names.js';
import type { Node } from '../syntax/syntax-tree.js';
import type { Variable } from '@typescript-eslint/scope-manager';
import type { TSESTree } from '@typescript-eslint/types';

/** A value as seen from the module that provides it: `{ module: '@tensorflow/tfjs', path: ['train', 'adam'] }`. */
export interface Origin {
  /** The specifier as written in the source, e.g. `@tensorflow/tfjs`. */
  readonly module: string;
  /** Members from the module's exports down; empty for the module itself. */
  readonly path: readonly string[];
}

/** How a name came to be bound. */
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
  /** The identifier that declares (or, for `let x; x = …`, is assigned) the name. */
  readonly identifier: TSESTree.Identifier;
  readonly variable: Variable;
  /** Import specifier, property of a pattern, declarator, assignment, or parameter: what to remove or rename. */
  readonly node: Node;
  /** The whole import declaration or variable declaration, where there is one. */
  readonly declaration: Node | undefined;
  readonly typeOnly: boolean;
  /** Set for an alias: the binding whose value it takes. */
  readonly from: Binding | undefined;
}

/** One member access on the way from the start of a use to its value. */
export interface Step {
  readonly name: string;
  /** The member expression or qualified name whose value has been reached. */
  readonly node: Node;
  /** The node that spells the member's name. */
  readonly property: Node;
}

/** One use of a value with a known origin: the longest member chain that can be followed. */
export interface OriginReference {
  readonly origin: Origin;
  /** Denotes the value; for `tf.utils.f(x)` the member expression `tf.utils.f`. */
  readonly node: Node;
  /** `node` with the wrappers around it that keep its value (`as`, `!`, `(0, f)`, `await`): its parent uses the value. */
  readonly outermost: Node;
  /** What the chain starts with: an identifier, a `require` call, an `import()`, an `import('m')` type. */
  readonly base: Node;
  /** Member accesses after `base`; the last one is `node`. */
  readonly steps: readonly Step[];
  /** The name that was used, unless the chain starts at the module itself. */
  readonly binding: Binding | undefined;
  readonly usage: 'value' | 'type' | 'export';
}

/** `export { f } from 'm'`, `export * from 'm'`. */
export interface ReExport {
  readonly origin: Origin;
  /** The name under which it leaves this file; `*` for everything. */
  readonly exported: string;
  /** The export specifier, or the declaration for `export *`. */
  readonly node: Node;
  readonly declaration: TSESTree.ExportNamedDeclaration | TSESTree.ExportAllDeclaration;
  readonly typeOnly: boolean;
}

/** A place that names a module of interest. */
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
  /** The origin of an expression that this analysis has reached. */
  originOf(node: Node): Origin | undefined;
}

/** What to look for. */
export interface OriginQuery {
  /** Whether a module specifier, as written, is of interest. */
  isModule(specifier: string): boolean;
  /**
   * Follows an export of a local module (`./compat`) to the module that it re-exports; called with every
   * origin that `isModule` does not know. Left out, local modules are not followed.
   */
  redirect?(origin: Origin): Origin | undefined;
}

/** A path without `default` in front: CommonJS interop puts the namespace itself under that name. */
export function memberPath(path: readonly string[]): readonly string[] {
  let start = 0;
  while (path[start] === 'default') start += 1;
  return start === 0 ? path : path.slice(start);
}
