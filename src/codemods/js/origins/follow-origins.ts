/**
 * Follows a module's value through a file: from the code that loads it, through members, aliases and
 * patterns, to its uses. Uses a worklist instead of recursion, and follows each variable once. Pure.
 */
import type { Names } from '../syntax/names.js';
import type { FollowedValue } from './followed-value.js';
import type { ModuleSource, Origin, OriginQuery, OriginReference, Origins, ReExport } from './origin.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isTransparentWrapper, memberName, moduleExportName, type Node } from '../syntax/syntax-tree.js';

import { BoundNames, type NewBinding } from './bound-names.js';
import { isInteropCall } from './interop-helpers.js';
import { OriginPaths } from './origin-paths.js';
import { patternTargets } from './pattern-targets.js';

type FollowedOrigins = Pick<Origins, 'bindings' | 'references' | 'reExports' | 'originOf'>;

/** Follows the value of every module source to its uses. */
export function followOrigins(names: Names, query: OriginQuery, sources: readonly ModuleSource[]): FollowedOrigins {
  const follower = new OriginFollower(names, query);
  for (const source of sources) follower.follow(source);
  const inOrder = (a: { node: Node }, b: { node: Node }): number => a.node.range[0] - b.node.range[0];
  const isOfInterest = ({ origin }: { origin: Origin }): boolean => query.isModule(origin.module);
  return {
    bindings: follower.bound.bindings.filter(isOfInterest).sort(inOrder),
    references: follower.references.filter(isOfInterest).sort(inOrder),
    reExports: follower.reExports.filter(isOfInterest).sort(inOrder),
    originOf: (node) => follower.origins.get(node),
  };
}

class OriginFollower {
  readonly bound: BoundNames;
  readonly references: OriginReference[] = [];
  readonly reExports: ReExport[] = [];
  readonly origins = new Map<Node, Origin>();
  readonly #paths: OriginPaths;
  readonly #pending: FollowedValue[] = [];

  constructor(names: Names, query: OriginQuery) {
    this.bound = new BoundNames(names);
    this.#paths = new OriginPaths(query);
  }

  follow({ module, node }: ModuleSource): void {
    const origin = this.#paths.ofModule(module);
    switch (node.type) {
      case AST_NODE_TYPES.ImportDeclaration:
        for (const specifier of node.specifiers) this.#importSpecifier(specifier, node, origin);
        break;
      case AST_NODE_TYPES.ExportNamedDeclaration:
        for (const specifier of node.specifiers) {
          this.reExports.push({
            origin: this.#paths.member(origin, moduleExportName(specifier.local)),
            exported: moduleExportName(specifier.exported),
            node: specifier,
            declaration: node,
            typeOnly: node.exportKind === 'type' || specifier.exportKind === 'type',
          });
        }
        break;
      case AST_NODE_TYPES.ExportAllDeclaration:
        this.reExports.push({
          origin,
          exported: node.exported === null ? '*' : moduleExportName(node.exported),
          node,
          declaration: node,
          typeOnly: node.exportKind === 'type',
        });
        break;
      case AST_NODE_TYPES.TSImportType:
        this.#addReference(this.#qualified(moduleValue(origin, node), node.qualifier), 'type');
        break;
      case AST_NODE_TYPES.TSExternalModuleReference:
        if (node.parent.type === AST_NODE_TYPES.TSImportEqualsDeclaration)
          this.#bindImportEquals(node.parent, origin, undefined);
        break;
      default:
        this.#pending.push(moduleValue(origin, node));
    }
    this.#drain();
  }

  #importSpecifier(specifier: TSESTree.ImportClause, declaration: TSESTree.ImportDeclaration, origin: Origin): void {
    const common = { identifier: specifier.local, node: specifier, declaration, from: undefined };
    const typeOnly = declaration.importKind === 'type';
    switch (specifier.type) {
      case AST_NODE_TYPES.ImportSpecifier:
        this.#bind({
          ...common,
          kind: 'import-named',
          origin: this.#paths.member(origin, moduleExportName(specifier.imported)),
          typeOnly: typeOnly || specifier.importKind === 'type',
        });
        break;
      case AST_NODE_TYPES.ImportDefaultSpecifier:
        this.#bind({ ...common, kind: 'import-default', origin: this.#paths.member(origin, 'default'), typeOnly });
        break;
      case AST_NODE_TYPES.ImportNamespaceSpecifier:
        this.#bind({ ...common, kind: 'import-namespace', origin, typeOnly });
        break;
    }
  }

  #bindImportEquals(
    declaration: TSESTree.TSImportEqualsDeclaration,
    origin: Origin,
    from: FollowedValue['binding'],
  ): void {
    const { id: identifier, importKind } = declaration;
    const typeOnly = importKind === 'type';
    this.#bind({ kind: 'import-equals', identifier, node: declaration, declaration, origin, from, typeOnly });
  }

  #bind(binding: NewBinding): void {
    const reads = this.bound.bind(binding);
    if (reads === undefined) return;
    this.origins.set(binding.identifier, binding.origin);
    this.#pending.push(...reads);
  }

  #drain(): void {
    for (let value = this.#pending.pop(); value !== undefined; value = this.#pending.pop()) this.#followUp(value);
  }

  /** Moves a value to its parent, or records a reference where its chain ends. */
  #followUp(value: FollowedValue): void {
    if (!value.promised) this.origins.set(value.node, value.origin);
    const { parent } = value.node;
    if (parent === undefined || this.#movesTo(parent, value)) return;
    if (!value.promised) this.#addReference(value, isTypePosition(value.node) ? 'type' : 'value');
  }

  /** Whether the parent passes the value on, so that the chain does not end here. */
  #movesTo(parent: Node, value: FollowedValue): boolean {
    const { node, origin } = value;
    if (isTransparentWrapper(parent, node)) return this.#push({ ...value, node: parent });
    switch (parent.type) {
      case AST_NODE_TYPES.AwaitExpression:
        return this.#push({ ...value, node: parent, promised: false });
      case AST_NODE_TYPES.MemberExpression:
        return parent.object === node && this.#memberAccess(value, parent);
      case AST_NODE_TYPES.TSQualifiedName: {
        if (parent.left !== node) return false;
        const { name } = parent.right;
        const steps = [...value.steps, { name, node: parent, property: parent.right }];
        return this.#push({ ...value, node: parent, origin: this.#paths.member(origin, name), steps });
      }
      case AST_NODE_TYPES.TSImportEqualsDeclaration:
        this.#addReference(value, 'value');
        this.#bindImportEquals(parent, origin, value.binding);
        return true;
      case AST_NODE_TYPES.CallExpression:
        return isInteropCall(parent, node) && this.#push({ ...value, node: parent });
      case AST_NODE_TYPES.VariableDeclarator:
        if (parent.init !== node || value.promised) return false;
        this.#addReference(value, 'value');
        this.#bindPattern(value, parent.id, parent, parent.parent);
        return true;
      case AST_NODE_TYPES.AssignmentExpression:
        if (parent.right !== node || value.promised || parent.operator !== '=') return false;
        this.#addReference(value, 'value');
        this.#bindPattern(value, parent.left, parent, undefined);
        return true;
      case AST_NODE_TYPES.ExportSpecifier:
        this.#addReference(value, 'export');
        return true;
      default:
        return false;
    }
  }

  #push(value: FollowedValue): true {
    this.#pending.push(value);
    return true;
  }

  #memberAccess(value: FollowedValue, parent: TSESTree.MemberExpression): true {
    const name = memberName(parent);
    if (value.promised) {
      const call = parent.parent;
      if (name === 'then' && call.type === AST_NODE_TYPES.CallExpression && call.callee === parent)
        this.#thenCallback(value, call);
      return true;
    }
    if (name === undefined) {
      this.#addReference(value, 'value');
      return true;
    }
    const steps = [...value.steps, { name, node: parent, property: parent.property }];
    return this.#push({ ...value, node: parent, origin: this.#paths.member(value.origin, name), steps });
  }

  #thenCallback(value: FollowedValue, call: TSESTree.CallExpression): void {
    const callback = call.arguments[0];
    if (
      callback?.type !== AST_NODE_TYPES.ArrowFunctionExpression &&
      callback?.type !== AST_NODE_TYPES.FunctionExpression
    )
      return;
    const { params, body } = callback;
    const [parameter] = params;
    if (parameter !== undefined) this.#bindPattern({ ...value, promised: false }, parameter, callback, callback);
    // `import('m').then((m) => m.f)` is a promise of what the callback returns.
    if (body.type !== AST_NODE_TYPES.MemberExpression && body.type !== AST_NODE_TYPES.Identifier) return;
    this.#drain();
    const returned = this.origins.get(body);
    if (returned !== undefined)
      this.#push({ ...value, node: call, base: call, origin: returned, steps: [], promised: true });
  }

  #bindPattern(value: FollowedValue, target: Node, node: Node, declaration: Node | undefined): void {
    for (const { identifier, path, property } of patternTargets(target)) {
      const origin = path.reduce((whole, name) => this.#paths.member(whole, name), value.origin);
      const common = { identifier, origin, from: value.binding, typeOnly: false };
      if (property === undefined) this.#bind({ ...common, kind: 'variable', node, declaration });
      else this.#bind({ ...common, kind: 'destructured', node: property, declaration: node });
    }
  }

  #qualified(value: FollowedValue, qualifier: TSESTree.EntityName | null): FollowedValue {
    if (qualifier === null || qualifier.type === AST_NODE_TYPES.ThisExpression) return value;
    const inner = qualifier.type === AST_NODE_TYPES.TSQualifiedName ? this.#qualified(value, qualifier.left) : value;
    const property = qualifier.type === AST_NODE_TYPES.TSQualifiedName ? qualifier.right : qualifier;
    const { name } = property;
    const steps = [...inner.steps, { name, node: qualifier, property }];
    return { ...inner, node: inner.base, origin: this.#paths.member(inner.origin, name), steps };
  }

  #addReference({ origin, node, base, steps, binding }: FollowedValue, usage: OriginReference['usage']): void {
    const denotes = base.type === AST_NODE_TYPES.TSImportType ? base : (steps.at(-1)?.node ?? base);
    this.references.push({ origin, node: denotes, outermost: node, base, steps, binding, usage });
  }
}

/** The value of an expression that loads a module. */
function moduleValue(origin: Origin, node: Node): FollowedValue {
  const promised = node.type === AST_NODE_TYPES.ImportExpression;
  return { origin, node, base: node, steps: [], binding: undefined, promised };
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
