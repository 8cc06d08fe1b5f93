/**
 * Finds the parts that a model consists of: layers, inputs, optimizers and metrics that earlier statements create, so
 * that they move into the same scope. Pure.
 */
import type { Origins } from '../../origins/origin.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { PathUse } from './access-path.js';
import type { StatementList } from './statement-list.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { MODEL_PART_MEMBERS } from '../../lifecycle/vocabulary-table.js';
import { memberPath } from '../../origins/origin.js';
import { containsNode, keyName, memberName, type Node, unwrap } from '../../syntax/syntax-tree.js';
import { multiGpuName } from '../find/multi-gpu-uses.js';

import { declaratorOf } from './definitions.js';
import { functionAround, indexIn } from './statement-list.js';

/** Options whose values are parts of a model; other options are plain numbers and strings. */
const PART_OPTION =
  /^(?:inputs|outputs|layers|layer|optimizer|loss|metrics|cells?|.*(?:Initializer|Regularizer|Constraint))$/;

/** Methods that add to a list of layers or to an inner model. */
const ADDING_METHODS: ReadonlySet<string> = new Set(['push', 'add']);

/** The indexes of the statements in a list that create parts of a model, given the uses of the model. */
export function partStatements(
  uses: readonly PathUse[],
  list: StatementList,
  source: JavaScriptSource,
  origins: Origins,
): Set<number> {
  const parts = new PartCollector(list, source, origins);
  for (const use of uses) {
    if (indexIn(list, use.node) === -1) continue;
    if (use.isWrite && use.written !== undefined) parts.collect(use.written);
    if (use.member === 'add' || use.member === 'compile')
      for (const argument of use.call?.arguments ?? []) parts.collect(argument);
  }
  return parts.indexes;
}

/** A value that a statement assigns to a variable or adds to it. */
interface AddedValue {
  readonly index: number;
  readonly value: Node;
}

class PartCollector {
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

  /**
   * Collects the statements that create the value of an expression.
   * @param expression - Part of a model, or an argument of a call that may return one.
   * @param isCertain - Whether the value is certainly a part; otherwise only calls of TensorFlow.js count.
   */
  collect(expression: Node, isCertain = true): void {
    const node = unwrap(expression);
    switch (node.type) {
      case AST_NODE_TYPES.Identifier:
        this.#collectVariable(node, isCertain);
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
      case AST_NODE_TYPES.CallExpression:
        this.#collectCall(node, isCertain);
        break;
      default:
    }
  }

  #collectCall(node: TSESTree.NewExpression | TSESTree.CallExpression, isCertain: boolean): void {
    const isApply = node.callee.type === AST_NODE_TYPES.MemberExpression && memberName(node.callee) === 'apply';
    // `base.getLayer('x')`: the layer is part of `base`, if `base` is a model.
    if (node.callee.type === AST_NODE_TYPES.MemberExpression) this.collect(node.callee.object, isApply && isCertain);
    const callee = this.#origins.originOf(node.callee);
    const [first] = node.arguments;
    if (callee !== undefined && multiGpuName(callee) !== undefined) {
      // The devices of a wrap are not part of its model.
      if (first !== undefined) this.collect(first, isCertain);
      return;
    }
    const isKnownCall = isApply || callee !== undefined;
    for (const argument of node.arguments) this.collect(argument, isCertain && isKnownCall);
  }

  #collectVariable(identifier: TSESTree.Identifier, isCertain: boolean): void {
    const variable = this.#origins.names.variableOf(identifier);
    if (variable === undefined || this.#seen.has(variable)) return;
    const declarator = declaratorOf(variable);
    if (declarator === undefined) return;
    const declared = indexIn(this.#list, declarator);
    const declaration = this.#list.statements[declared];
    if (declaration === undefined || functionAround(declarator) !== functionAround(declaration)) return;
    const added = this.#addedValues(variable);
    const values = [...(declarator.init === null ? [] : [declarator.init]), ...added.map(({ value }) => value)];
    if (!values.some((value) => this.#createsPart(value, isCertain))) return;
    this.#seen.add(variable);
    if (declarator.init !== null && (this.#createsPart(declarator.init, isCertain) || added.length > 0))
      this.indexes.add(declared);
    for (const { index } of added) this.indexes.add(index);
    for (const value of values) this.collect(value, isCertain);
  }

  /** The values that statements of the list assign to a variable, or add to its list or model. */
  #addedValues(variable: Variable): AddedValue[] {
    const added: AddedValue[] = [];
    for (const reference of this.#origins.names.referencesTo(variable)) {
      const node: Node = reference.identifier;
      const index = indexIn(this.#list, node);
      if (index === -1 || reference.init === true) continue;
      if (reference.isWrite() && reference.writeExpr) added.push({ index, value: reference.writeExpr });
      const access = node.parent;
      if (
        access.type !== AST_NODE_TYPES.MemberExpression ||
        access.object !== node ||
        !ADDING_METHODS.has(memberName(access) ?? '')
      )
        continue;
      if (access.parent.type === AST_NODE_TYPES.CallExpression)
        for (const value of access.parent.arguments) added.push({ index, value });
    }
    return added;
  }

  #createsPart(value: Node, isCertain: boolean): boolean {
    return containsNode(value, this.#source.visitorKeys, (node) => {
      if (node.type !== AST_NODE_TYPES.CallExpression && node.type !== AST_NODE_TYPES.NewExpression) return false;
      const origin = this.#origins.originOf(node.callee);
      if (origin === undefined) return isCertain;
      const [member] = memberPath(origin.path);
      return member !== undefined && MODEL_PART_MEMBERS.has(member);
    });
  }
}
