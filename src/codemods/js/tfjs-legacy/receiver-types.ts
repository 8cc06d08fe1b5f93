/**
 * Proves the type of a value by simple data flow in one file, from the results of functions and methods of tf,
 * constants and annotations. Never guesses. Pure.
 */
import type { ReceiverType } from '../../../catalogue/catalogue-entry.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { DATA_PACKAGE, DEEPLEARN_MODULES, KERAS_JS_MODULES } from '../../../catalogue/module-groups.js';
import { memberPath, type Origin, type Origins } from '../origins/origin.js';
import { memberName, type Node, unwrap } from '../syntax/syntax-tree.js';

import {
  DEEPLEARN_FUNCTION_RESULTS,
  DEEPLEARN_TYPE_NAMES,
  DEEPLEARN_VALUES,
  FUNCTION_RESULTS,
  KERAS_JS_TYPE_NAMES,
  METHOD_RESULTS,
  PROMISED_RESULTS,
  TYPE_NAMES,
} from './receiver-type-table.js';

type Results = ReadonlyMap<string, ReceiverType>;

/** The types of the values in one file. Each variable is analysed once. */
export class ReceiverTypes {
  readonly #origins: Origins;
  readonly #variables = new Map<Variable, ReceiverType | undefined>();

  constructor(origins: Origins) {
    this.#origins = origins;
  }

  /** The type that an expression certainly has. */
  typeOf(expression: Node): ReceiverType | undefined {
    if (
      expression.type === AST_NODE_TYPES.TSAsExpression ||
      expression.type === AST_NODE_TYPES.TSTypeAssertion ||
      expression.type === AST_NODE_TYPES.TSSatisfiesExpression
    ) {
      return this.#annotated(expression.typeAnnotation) ?? this.typeOf(expression.expression);
    }
    const node = expression.type === AST_NODE_TYPES.TSNonNullExpression ? expression.expression : unwrap(expression);
    switch (node.type) {
      case AST_NODE_TYPES.Identifier:
      case AST_NODE_TYPES.MemberExpression: {
        const origin = this.#origins.originOf(node);
        if (origin !== undefined) return isDeeplearn(origin) ? DEEPLEARN_VALUES.get(pathOf(origin)) : undefined;
        return node.type === AST_NODE_TYPES.Identifier ? this.#variable(node) : undefined;
      }
      case AST_NODE_TYPES.CallExpression:
        return this.#call(node);
      case AST_NODE_TYPES.NewExpression: {
        const origin = this.#origins.originOf(node.callee);
        return origin === undefined ? undefined : typeNames(origin).get(pathOf(origin));
      }
      case AST_NODE_TYPES.AwaitExpression:
        return this.#awaited(node.argument);
      case AST_NODE_TYPES.ConditionalExpression: {
        const type = this.typeOf(node.consequent);
        return type === this.typeOf(node.alternate) ? type : undefined;
      }
      default:
        return undefined;
    }
  }

  #call(call: TSESTree.CallExpression): ReceiverType | undefined {
    const origin = this.#origins.originOf(call.callee);
    if (origin !== undefined) {
      const path = pathOf(origin);
      if (path === 'tidy' || path === 'keep') return this.#returned(call.arguments.at(-1));
      return functionResults(origin).get(path);
    }
    if (call.callee.type !== AST_NODE_TYPES.MemberExpression) return undefined;
    const receiver = this.typeOf(call.callee.object);
    const name = memberName(call.callee);
    return receiver === undefined || name === undefined ? undefined : METHOD_RESULTS.get(receiver)?.get(name);
  }

  /** `tf.tidy(() => tensor)` returns what the function returns, and `tf.keep(tensor)` its argument. */
  #returned(argument: Node | undefined): ReceiverType | undefined {
    if (argument === undefined) return undefined;
    if (
      argument.type !== AST_NODE_TYPES.ArrowFunctionExpression &&
      argument.type !== AST_NODE_TYPES.FunctionExpression
    ) {
      return this.typeOf(argument);
    }
    if (argument.body.type !== AST_NODE_TYPES.BlockStatement) return this.typeOf(argument.body);
    // Only a body of declarations with one return at the end.
    const last = argument.body.body.at(-1);
    const isOnly = argument.body.body.slice(0, -1).every(({ type }) => type === AST_NODE_TYPES.VariableDeclaration);
    return isOnly && last?.type === AST_NODE_TYPES.ReturnStatement && last.argument !== null
      ? this.typeOf(last.argument)
      : undefined;
  }

  #awaited(promise: Node): ReceiverType | undefined {
    const call = unwrap(promise);
    const origin = call.type === AST_NODE_TYPES.CallExpression ? this.#origins.originOf(call.callee) : undefined;
    const promised = origin === undefined || isForeign(origin) ? undefined : PROMISED_RESULTS.get(pathOf(origin));
    return promised ?? this.typeOf(promise);
  }

  #variable(identifier: TSESTree.Identifier): ReceiverType | undefined {
    const variable = this.#origins.names.variableOf(identifier);
    if (variable === undefined) return undefined;
    if (this.#variables.has(variable)) return this.#variables.get(variable);
    // A variable whose definition refers to itself proves nothing.
    this.#variables.set(variable, undefined);
    const type = this.#typeOfVariable(variable);
    this.#variables.set(variable, type);
    return type;
  }

  #typeOfVariable(variable: Variable): ReceiverType | undefined {
    const [definition, ...others] = variable.defs;
    if (definition === undefined || others.length > 0) return undefined;
    const name = definition.name as Node;
    if (name.type === AST_NODE_TYPES.Identifier && name.typeAnnotation !== undefined) {
      return this.#annotated(name.typeAnnotation.typeAnnotation);
    }
    const writes = this.#origins.names.referencesTo(variable).filter((reference) => reference.isWrite());
    const types = writes.map(({ identifier }) => {
      const value = assignedValue(identifier as TSESTree.Identifier);
      return value === undefined ? undefined : this.typeOf(value);
    });
    const [first] = types;
    const kind: string = definition.type;
    return kind !== 'Parameter' && types.length > 0 && types.every((type) => type === first) ? first : undefined;
  }

  #annotated(annotation: TSESTree.TypeNode): ReceiverType | undefined {
    if (annotation.type !== AST_NODE_TYPES.TSTypeReference) return undefined;
    const origin = this.#origins.originOf(annotation.typeName);
    return origin === undefined ? undefined : typeNames(origin).get(pathOf(origin));
  }
}

/** The value that a plain declaration or assignment gives to a variable. */
function assignedValue(identifier: TSESTree.Identifier): Node | undefined {
  const { parent } = identifier;
  if (parent.type === AST_NODE_TYPES.VariableDeclarator && parent.id === identifier) return parent.init ?? undefined;
  if (parent.type === AST_NODE_TYPES.AssignmentExpression && parent.left === identifier && parent.operator === '=')
    return parent.right;
  return undefined;
}

function pathOf({ module, path }: Origin): string {
  const members = memberPath(path).join('.');
  // The root of tfjs-data has the exports that tfjs has under `data`.
  return DATA_PACKAGE.includes(module) ? `data.${members}` : members;
}

function isDeeplearn({ module }: Origin): boolean {
  return DEEPLEARN_MODULES.includes(module);
}

function isForeign({ module }: Origin): boolean {
  return DEEPLEARN_MODULES.includes(module) || KERAS_JS_MODULES.includes(module);
}

function functionResults(origin: Origin): Results {
  if (isDeeplearn(origin)) return DEEPLEARN_FUNCTION_RESULTS;
  return isForeign(origin) ? new Map() : FUNCTION_RESULTS;
}

function typeNames(origin: Origin): Results {
  if (isDeeplearn(origin)) return DEEPLEARN_TYPE_NAMES;
  return isForeign(origin) ? KERAS_JS_TYPE_NAMES : TYPE_NAMES;
}
