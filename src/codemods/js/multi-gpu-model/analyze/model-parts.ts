/**
 * The parts that a model is made of: layers, inputs, optimizers, metrics that statements before it
 * declare, so that they can be made in the same scope. Pure.
 */
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { PlaceUse } from './access-path.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { memberPath, type Origins } from '../../origins/origin.js';
import { keyName, memberName, type Node, unwrap, walk } from '../../syntax/syntax-tree.js';
import { MODEL_PART_MEMBERS } from '../api-table.js';
import { multiGpuName } from '../find/multi-gpu-uses.js';

import { functionAround, indexIn, type StatementList } from './statement-list.js';

/** Options whose values are parts of a model; other options are plain numbers and the like. */
const PART_OPTION =
  /^(?:inputs|outputs|layers|layer|optimizer|loss|metrics|cells?|.*(?:Initializer|Regularizer|Constraint))$/;

/** Methods by which a list of layers, or a model inside the model, grows. */
const GROWING_METHODS: ReadonlySet<string> = new Set(['push', 'add']);

/** The statements of a list, by index, that make parts of the model whose uses are given. */
export function partStatements(
  uses: readonly PlaceUse[],
  list: StatementList,
  source: JavaScriptSource,
  origins: Origins,
): Set<number> {
  const slice = new Slice(list, source, origins);
  for (const use of uses) {
    if (indexIn(list, use.node) === -1) continue;
    if (use.isWrite && use.written !== undefined) slice.collect(use.written);
    if (use.member === 'add' || use.member === 'compile')
      use.call?.arguments.forEach((argument) => {
        slice.collect(argument);
      });
  }
  return slice.indexes;
}

class Slice {
  readonly indexes = new Set<number>();
  readonly #list: StatementList;
  readonly #source: JavaScriptSource;
  readonly #origins: Origins;
  readonly #seen = new Set<Variable>();

  constructor(list: StatementList, source: JavaScriptSource, origins: Origins) {
    this.#list = list;
    this.#source = source;
    this.#origins = origins;
  }

  collect(expression: Node, isCertain = true): void {
    const node = unwrap(expression);
    switch (node.type) {
      case AST_NODE_TYPES.Identifier:
        this.#variable(node, isCertain);
        break;
      case AST_NODE_TYPES.AwaitExpression:
      case AST_NODE_TYPES.SpreadElement:
        this.collect(node.argument, isCertain);
        break;
      case AST_NODE_TYPES.MemberExpression:
        this.collect(node.object, isCertain);
        break;
      case AST_NODE_TYPES.ConditionalExpression:
        this.collect(node.consequent, isCertain);
        this.collect(node.alternate, isCertain);
        break;
      case AST_NODE_TYPES.ArrayExpression:
        for (const element of node.elements) if (element !== null) this.collect(element, isCertain);
        break;
      case AST_NODE_TYPES.ObjectExpression:
        for (const property of node.properties) {
          if (property.type === AST_NODE_TYPES.Property && PART_OPTION.test(keyName(property) ?? ''))
            this.collect(property.value, isCertain);
        }
        break;
      case AST_NODE_TYPES.NewExpression:
      case AST_NODE_TYPES.CallExpression: {
        const isApply = node.callee.type === AST_NODE_TYPES.MemberExpression && memberName(node.callee) === 'apply';
        // `base.getLayer('x')`: the layer is part of `base`, if that is a model at all.
        if (node.callee.type === AST_NODE_TYPES.MemberExpression)
          this.collect(node.callee.object, isApply && isCertain);
        const callee = this.#origins.originOf(node.callee);
        if (callee !== undefined && multiGpuName(callee) !== undefined) {
          // The devices of a wrap are no part of its model.
          if (node.arguments[0] !== undefined) this.collect(node.arguments[0], isCertain);
          break;
        }
        const isOurs = isApply || callee !== undefined;
        for (const argument of node.arguments) this.collect(argument, isCertain && isOurs);
        break;
      }
      default:
    }
  }

  #variable(identifier: TSESTree.Identifier, isCertain: boolean): void {
    const { names } = this.#origins;
    const variable = names.variableOf(identifier);
    if (variable === undefined || this.#seen.has(variable)) return;
    const definition = variable.defs[0];
    if ((definition?.type as string) !== 'Variable') return;
    const declarator = definition!.node as TSESTree.VariableDeclarator;
    const declared = indexIn(this.#list, declarator);
    if (declared === -1 || functionAround(declarator) !== functionAround(this.#list.statements[declared]!)) return;
    const values: Node[] = declarator.init === null ? [] : [declarator.init];
    const written: { index: number; value: Node }[] = [];
    for (const reference of names.referencesTo(variable)) {
      const node = reference.identifier as Node;
      const index = indexIn(this.#list, node);
      if (index === -1 || reference.init) continue;
      if (reference.isWrite() && reference.writeExpr) written.push({ index, value: reference.writeExpr as Node });
      const access = node.parent;
      if (
        access?.type === AST_NODE_TYPES.MemberExpression &&
        access.object === node &&
        GROWING_METHODS.has(memberName(access) ?? '')
      ) {
        const call = access.parent;
        if (call.type === AST_NODE_TYPES.CallExpression)
          call.arguments.forEach((value) => written.push({ index, value }));
      }
    }
    values.push(...written.map(({ value }) => value));
    if (!values.some((value) => this.#makesPart(value, isCertain))) return;
    this.#seen.add(variable);
    if (declarator.init !== null && (this.#makesPart(declarator.init, isCertain) || written.length > 0))
      this.indexes.add(declared);
    for (const { index } of written) this.indexes.add(index);
    for (const value of values) this.collect(value, isCertain);
  }

  #makesPart(value: Node, isCertain: boolean): boolean {
    let makes = false;
    walk(value, this.#source.visitorKeys, (node) => {
      if (node.type !== AST_NODE_TYPES.CallExpression && node.type !== AST_NODE_TYPES.NewExpression) return;
      const origin = this.#origins.originOf(node.callee);
      const member = origin === undefined ? undefined : memberPath(origin.path)[0];
      if (origin === undefined ? isCertain : member !== undefined && MODEL_PART_MEMBERS.has(member)) makes = true;
    });
    return makes;
  }
}
