/**
 * Follows a module's value through a file: from the place that loads it, through members, aliases
 * and patterns, to its uses. A worklist rather than recursion; each variable is followed once.
 */
import type { Names } from '../syntax/names.js';
import type {
  Binding,
  BindingKind,
  ModuleSource,
  Origin,
  OriginQuery,
  OriginReference,
  ReExport,
  Step,
} from './origin.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isTransparentWrapper, memberName, moduleExportName, type Node } from '../syntax/syntax-tree.js';

import { patternTargets } from './pattern-targets.js';

/** A value on its way up the tree: `node` has `origin`, or is a promise of it. */
interface Value {
  readonly origin: Origin;
  readonly node: Node;
  readonly base: Node;
  readonly steps: readonly Step[];
  readonly binding: Binding | undefined;
  readonly promised: boolean;
}

interface Followed {
  readonly bindings: readonly Binding[];
  readonly references: readonly OriginReference[];
  readonly reExports: readonly ReExport[];
  originOf(node: Node): Origin | undefined;
}

/** Helpers that compilers put around `require`; each returns the module, maybe under `default`. */
const INTEROP_HELPERS: ReadonlySet<string> = new Set([
  '__importStar',
  '__importDefault',
  '__toESM',
  '_interopRequireWildcard',
  '_interopRequireDefault',
  '_interopNamespace',
  '_interopDefault',
]);

export function followOrigins(names: Names, query: OriginQuery, sources: readonly ModuleSource[]): Followed {
  const follower = new Follower(names, query);
  for (const found of sources) follower.start(found);
  return follower.finish();
}

class Follower {
  readonly #names: Names;
  readonly #query: OriginQuery;
  readonly #bindings: Binding[] = [];
  readonly #references: OriginReference[] = [];
  readonly #reExports: ReExport[] = [];
  readonly #origins = new Map<Node, Origin>();
  readonly #pending: Value[] = [];
  readonly #followed = new Set<Variable>();
  /** Values assigned to variables that are written more than once, until every write is known. */
  readonly #assigned = new Map<Variable, { write: Node; binding: Binding }[]>();

  constructor(names: Names, query: OriginQuery) {
    this.#names = names;
    this.#query = query;
  }

  start({ module, node }: ModuleSource): void {
    const origin = this.#redirected({ module, path: [] });
    switch (node.type) {
      case AST_NODE_TYPES.ImportDeclaration:
        for (const specifier of node.specifiers) this.#importSpecifier(specifier, node, origin);
        break;
      case AST_NODE_TYPES.ExportNamedDeclaration:
        for (const specifier of node.specifiers) {
          this.#reExports.push({
            origin: this.#member(origin, moduleExportName(specifier.local)),
            exported: moduleExportName(specifier.exported),
            node: specifier,
            declaration: node,
            typeOnly: node.exportKind === 'type' || specifier.exportKind === 'type',
          });
        }
        break;
      case AST_NODE_TYPES.ExportAllDeclaration:
        this.#reExports.push({
          origin,
          exported: node.exported === null ? '*' : moduleExportName(node.exported),
          node,
          declaration: node,
          typeOnly: node.exportKind === 'type',
        });
        break;
      case AST_NODE_TYPES.TSImportType: {
        const value = { origin, node, base: node, steps: [], binding: undefined, promised: false };
        this.#reference(this.#qualified(value, node.qualifier), 'type');
        break;
      }
      case AST_NODE_TYPES.TSExternalModuleReference: {
        const declaration = node.parent as TSESTree.TSImportEqualsDeclaration;
        this.#bind(
          'import-equals',
          declaration.id,
          declaration,
          declaration,
          origin,
          undefined,
          declaration.importKind === 'type',
        );
        break;
      }
      default:
        this.#pending.push({
          origin,
          node,
          base: node,
          steps: [],
          binding: undefined,
          promised: node.type === AST_NODE_TYPES.ImportExpression,
        });
    }
    this.#drain();
  }

  finish(): Followed {
    const inOrder = (a: { node: Node }, b: { node: Node }): number => a.node.range[0] - b.node.range[0];
    const ours = (found: { origin: Origin }): boolean => this.#query.isModule(found.origin.module);
    return {
      bindings: this.#bindings.filter(ours).sort(inOrder),
      references: this.#references.filter(ours).sort(inOrder),
      reExports: this.#reExports.filter(ours).sort(inOrder),
      originOf: (node) => this.#origins.get(node),
    };
  }

  #redirected(origin: Origin): Origin {
    if (this.#query.isModule(origin.module)) return origin;
    return this.#query.redirect?.(origin) ?? origin;
  }

  #member(origin: Origin, name: string): Origin {
    return this.#redirected({ module: origin.module, path: [...origin.path, name] });
  }

  #importSpecifier(specifier: TSESTree.ImportClause, declaration: TSESTree.ImportDeclaration, origin: Origin): void {
    const typeOnly = declaration.importKind === 'type';
    switch (specifier.type) {
      case AST_NODE_TYPES.ImportSpecifier: {
        const imported = this.#member(origin, moduleExportName(specifier.imported));
        const type = typeOnly || specifier.importKind === 'type';
        this.#bind('import-named', specifier.local, specifier, declaration, imported, undefined, type);
        break;
      }
      case AST_NODE_TYPES.ImportDefaultSpecifier:
        this.#bind(
          'import-default',
          specifier.local,
          specifier,
          declaration,
          this.#member(origin, 'default'),
          undefined,
          typeOnly,
        );
        break;
      case AST_NODE_TYPES.ImportNamespaceSpecifier:
        this.#bind('import-namespace', specifier.local, specifier, declaration, origin, undefined, typeOnly);
        break;
    }
  }

  #bind(
    kind: BindingKind,
    identifier: TSESTree.Identifier,
    node: Node,
    declaration: Node | undefined,
    origin: Origin,
    from: Binding | undefined,
    typeOnly = false,
  ): void {
    const variable = this.#variableAt(identifier, node, declaration);
    if (variable === undefined) return;
    const binding = { kind, origin, identifier, variable, node, declaration, typeOnly, from };
    this.#origins.set(identifier, origin);
    // A variable has an origin only when every value that it is ever given has one.
    const writes = this.#names.referencesTo(variable).filter((reference) => reference.isWrite());
    const known = this.#assigned.get(variable) ?? [];
    known.push({ write: identifier, binding });
    this.#assigned.set(variable, known);
    const unknown = writes.some((reference) => !known.some(({ write }) => write === reference.identifier));
    if (unknown) return;
    for (const { binding: each } of known) if (!this.#bindings.includes(each)) this.#bindings.push(each);
    if (this.#followed.has(variable)) return;
    this.#followed.add(variable);
    const first = known[0]!.binding;
    for (const reference of this.#names.referencesTo(variable)) {
      if (!reference.isRead() && !(reference as { isTypeReference?: boolean }).isTypeReference) continue;
      const use = reference.identifier as Node;
      this.#pending.push({ origin: first.origin, node: use, base: use, steps: [], binding: first, promised: false });
    }
  }

  #variableAt(identifier: TSESTree.Identifier, node: Node, declaration: Node | undefined): Variable | undefined {
    const used = this.#names.variableOf(identifier);
    if (used !== undefined) return used;
    for (const declaring of [node, declaration]) {
      if (declaring === undefined) continue;
      const found = this.#names
        .declaredBy(declaring)
        .find((variable) => variable.identifiers.includes(identifier as never));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #drain(): void {
    for (let value = this.#pending.pop(); value !== undefined; value = this.#pending.pop()) this.#up(value);
  }

  /** Moves a value one level up the tree, or records that its way ends here. */
  #up(value: Value): void {
    const { node, origin } = value;
    const parent = node.parent;
    if (!value.promised) this.#origins.set(node, origin);
    if (parent === undefined) return;
    if (isTransparentWrapper(parent, node)) {
      this.#push({ ...value, node: parent });
      return;
    }
    switch (parent.type) {
      case AST_NODE_TYPES.AwaitExpression: {
        this.#push({ ...value, node: parent, promised: false });
        return;
      }
      case AST_NODE_TYPES.MemberExpression:
        if (parent.object === node) {
          this.#memberAccess(value, parent);
          return;
        }
        break;
      case AST_NODE_TYPES.TSQualifiedName:
        if (parent.left === node) {
          const step = { name: parent.right.name, node: parent, property: parent.right };
          this.#push({
            ...value,
            node: parent,
            origin: this.#member(origin, step.name),
            steps: [...value.steps, step],
          });
          return;
        }
        break;
      case AST_NODE_TYPES.TSImportEqualsDeclaration:
        this.#reference(value, 'value');
        {
          this.#bind('import-equals', parent.id, parent, parent, origin, value.binding, parent.importKind === 'type');
          return;
        }
      case AST_NODE_TYPES.CallExpression:
        if (isInteropCall(parent, node)) {
          this.#push({ ...value, node: parent });
          return;
        }
        break;
      case AST_NODE_TYPES.VariableDeclarator:
        if (parent.init === node && !value.promised) {
          this.#reference(value, 'value');
          this.#pattern(value, parent.id, parent, parent.parent);
          return;
        }
        break;
      case AST_NODE_TYPES.AssignmentExpression:
        if (parent.right === node && !value.promised && parent.operator === '=') {
          this.#reference(value, 'value');
          this.#pattern(value, parent.left, parent, undefined);
          return;
        }
        break;
      case AST_NODE_TYPES.ExportSpecifier: {
        this.#reference(value, 'export');
        return;
      }
      default:
    }
    if (!value.promised) this.#reference(value, isTypePosition(node) ? 'type' : 'value');
  }

  #push(value: Value): void {
    this.#pending.push(value);
  }

  #memberAccess(value: Value, parent: TSESTree.MemberExpression): void {
    const name = memberName(parent);
    if (value.promised) {
      if (name === 'then' && parent.parent.type === AST_NODE_TYPES.CallExpression && parent.parent.callee === parent) {
        this.#thenCallback(value, parent.parent);
      }
      return;
    }
    if (name === undefined) {
      this.#reference(value, 'value');
      return;
    }
    const step = { name, node: parent, property: parent.property };
    this.#push({ ...value, node: parent, origin: this.#member(value.origin, name), steps: [...value.steps, step] });
  }

  #thenCallback(value: Value, call: TSESTree.CallExpression): void {
    const callback = call.arguments[0];
    if (
      callback?.type !== AST_NODE_TYPES.ArrowFunctionExpression &&
      callback?.type !== AST_NODE_TYPES.FunctionExpression
    )
      return;
    const parameter = callback.params[0];
    if (parameter !== undefined) this.#pattern({ ...value, promised: false }, parameter, callback, callback);
    // `import('m').then((m) => m.f)` is a promise of what the callback returns.
    const body = callback.body;
    if (body.type !== AST_NODE_TYPES.MemberExpression && body.type !== AST_NODE_TYPES.Identifier) return;
    this.#drain();
    const returned = this.#origins.get(body);
    if (returned !== undefined)
      this.#push({ ...value, node: call, base: call, origin: returned, steps: [], promised: true });
  }

  #pattern(value: Value, target: Node, node: Node, declaration: Node | undefined): void {
    for (const { identifier, path, property } of patternTargets(target)) {
      const origin = path.reduce((from, name) => this.#member(from, name), value.origin);
      if (property === undefined) this.#bind('variable', identifier, node, declaration, origin, value.binding);
      else this.#bind('destructured', identifier, property, node, origin, value.binding);
    }
  }

  #qualified(value: Value, qualifier: TSESTree.EntityName | null): Value {
    if (qualifier === null || qualifier.type === AST_NODE_TYPES.ThisExpression) return value;
    const inner = qualifier.type === AST_NODE_TYPES.TSQualifiedName ? this.#qualified(value, qualifier.left) : value;
    const property = qualifier.type === AST_NODE_TYPES.TSQualifiedName ? qualifier.right : qualifier;
    const origin = this.#member(inner.origin, property.name);
    return {
      ...inner,
      node: inner.base,
      origin,
      steps: [...inner.steps, { name: property.name, node: qualifier, property }],
    };
  }

  #reference(value: Value, usage: OriginReference['usage']): void {
    const { origin, node, base, steps, binding } = value;
    const denotes = base.type === AST_NODE_TYPES.TSImportType ? base : (steps.at(-1)?.node ?? base);
    this.#references.push({ origin, node: denotes, outermost: node, base, steps, binding, usage });
  }
}

function isInteropCall(call: TSESTree.CallExpression, argument: Node): boolean {
  if (call.arguments[0] !== argument) return false;
  const { callee } = call;
  if (callee.type === AST_NODE_TYPES.Identifier) return INTEROP_HELPERS.has(callee.name);
  if (callee.type === AST_NODE_TYPES.MemberExpression) return INTEROP_HELPERS.has(memberName(callee) ?? '');
  // `(0, tslib_1.__importStar)(require('m'))`
  const last = callee.type === AST_NODE_TYPES.SequenceExpression ? callee.expressions.at(-1) : undefined;
  return last?.type === AST_NODE_TYPES.MemberExpression && INTEROP_HELPERS.has(memberName(last) ?? '');
}

function isTypePosition(node: Node): boolean {
  switch (node.parent?.type) {
    case AST_NODE_TYPES.TSTypeReference:
    case AST_NODE_TYPES.TSTypeQuery:
    case AST_NODE_TYPES.TSInterfaceHeritage:
    case AST_NODE_TYPES.TSClassImplements:
      return true;
    default:
      return false;
  }
}
