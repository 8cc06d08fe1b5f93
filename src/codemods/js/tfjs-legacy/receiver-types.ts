/**
 * Finds the types of values by data flow in one file: from the results of functions and methods of tf, constants and
 * annotations, through variables, fields of classes, parameters and callbacks. Each type is certain or probable. Pure.
 */
import type { Origins } from '../origins/origin.js';
import type { JavaScriptSource } from '../syntax/parse.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { literalString, memberName, type Node, unwrap } from '../syntax/syntax-tree.js';
import { fieldValues, returnedValues } from '../values/assigned-values.js';
import { FunctionsInFile } from '../values/functions-in-file.js';

import { annotatedType } from './annotated-type.js';
import { certain, combined, type KnownType, probable } from './known-type.js';
import { functionResults, isDeeplearn, isForeign, pathOf, typeNames } from './origin-types.js';
import {
  DEEPLEARN_VALUES,
  DISTINCTIVE_METHODS,
  ELEMENT_METHODS,
  FUNCTIONS_OF_OTHER_LIBRARIES,
  METHOD_RESULTS,
  PROBABLE_METHOD_RESULTS,
  PROMISED_RESULTS,
} from './receiver-type-table.js';
import { VariableTypes } from './variable-types.js';

/** How many functions and variables to follow when each has the value of the next. */
const MAX_DEPTH = 24;

/** The types of the values in one file. Each expression is analysed once. */
export class ReceiverTypes {
  readonly #source: JavaScriptSource;
  readonly #origins: Origins;
  readonly #functions: FunctionsInFile;
  readonly #variables: VariableTypes;
  readonly #known = new Map<Node, KnownType | undefined>();
  #depth = 0;

  constructor(source: JavaScriptSource, origins: Origins) {
    this.#source = source;
    this.#origins = origins;
    this.#functions = new FunctionsInFile(source, origins.names);
    this.#variables = new VariableTypes(origins, this.#functions, (node) => this.typeOf(node));
  }

  /** The type of an expression; `undefined` if nothing is known about it. */
  typeOf(expression: Node): KnownType | undefined {
    if (this.#known.has(expression)) return this.#known.get(expression);
    if (this.#depth > MAX_DEPTH) return undefined;
    // A value that depends on itself proves nothing.
    this.#known.set(expression, undefined);
    this.#depth += 1;
    const type = this.#find(expression);
    this.#depth -= 1;
    this.#known.set(expression, type);
    return type;
  }

  #find(expression: Node): KnownType | undefined {
    if (
      expression.type === AST_NODE_TYPES.TSAsExpression ||
      expression.type === AST_NODE_TYPES.TSTypeAssertion ||
      expression.type === AST_NODE_TYPES.TSSatisfiesExpression
    ) {
      return annotatedType(expression.typeAnnotation, this.#origins) ?? this.typeOf(expression.expression);
    }
    const node = expression.type === AST_NODE_TYPES.TSNonNullExpression ? expression.expression : unwrap(expression);
    switch (node.type) {
      case AST_NODE_TYPES.Identifier: {
        const origin = this.#origins.originOf(node);
        if (origin === undefined) return this.#variables.typeOf(node);
        return isDeeplearn(origin) ? certain(DEEPLEARN_VALUES.get(pathOf(origin))) : undefined;
      }
      case AST_NODE_TYPES.MemberExpression:
        return this.#member(node);
      case AST_NODE_TYPES.CallExpression:
        return this.#call(node);
      case AST_NODE_TYPES.NewExpression: {
        const origin = this.#origins.originOf(node.callee);
        return origin === undefined ? undefined : certain(typeNames(origin).get(pathOf(origin)));
      }
      case AST_NODE_TYPES.AwaitExpression:
        return this.#awaited(node.argument);
      case AST_NODE_TYPES.ConditionalExpression:
        return combined([this.typeOf(node.consequent), this.typeOf(node.alternate)]);
      case AST_NODE_TYPES.LogicalExpression:
        return combined([this.typeOf(node.left), this.typeOf(node.right)]);
      case AST_NODE_TYPES.AssignmentExpression:
        return node.operator === '=' ? this.typeOf(node.right) : undefined;
      case AST_NODE_TYPES.ArrayExpression:
        return this.#arrayOf(node.elements);
      default:
        return undefined;
    }
  }

  #arrayOf(elements: readonly (Node | null)[]): KnownType | undefined {
    const type = combined(elements.map((element) => (element === null ? undefined : this.typeOf(element))));
    return type?.type === 'Tensor' ? { ...type, type: 'Tensor[]' } : undefined;
  }

  /** `boxes[0]`, `tf.moments(x).mean`, `this.weights`. */
  #member(node: TSESTree.MemberExpression): KnownType | undefined {
    const origin = this.#origins.originOf(node);
    if (origin !== undefined) return isDeeplearn(origin) ? certain(DEEPLEARN_VALUES.get(pathOf(origin))) : undefined;
    const name = memberName(node);
    if (node.object.type === AST_NODE_TYPES.ThisExpression)
      return name === undefined ? undefined : this.#field(node, name);
    const object = this.typeOf(node.object);
    if (object?.type === 'Tensor[]' && name === undefined) return { ...object, type: 'Tensor' };
    return object?.type === 'Tensor{}' && name !== undefined ? { ...object, type: 'Tensor' } : undefined;
  }

  #field(access: TSESTree.MemberExpression, name: string): KnownType | undefined {
    const { values, annotation } = fieldValues(access, name, this.#functions);
    const annotated = annotation === undefined ? undefined : annotatedType(annotation, this.#origins);
    // Other files may assign the field too.
    return annotated ?? probable(combined(values.map((value) => this.typeOf(value))));
  }

  #call(call: TSESTree.CallExpression): KnownType | undefined {
    const origin = this.#origins.originOf(call.callee);
    if (origin !== undefined) {
      const path = pathOf(origin);
      if (path === 'tidy' || path === 'keep') return this.#returned(call.arguments.at(-1));
      return certain(functionResults(origin).get(path));
    }
    const called = this.#functions.calledBy(call.callee);
    if (called !== undefined) return this.#returned(called);
    return call.callee.type === AST_NODE_TYPES.MemberExpression ? this.#methodCall(call, call.callee) : undefined;
  }

  #methodCall(call: TSESTree.CallExpression, callee: TSESTree.MemberExpression): KnownType | undefined {
    const name = memberName(callee);
    if (name === undefined) return undefined;
    const receiver = this.typeOf(callee.object);
    if (receiver === undefined) return this.#resultOfUnknownReceiver(call, callee, name);
    const result = METHOD_RESULTS.get(receiver.type)?.get(name);
    if (result !== undefined) return { ...receiver, type: result };
    if (receiver.type === 'Tensor[]' && ELEMENT_METHODS.has(name)) return { ...receiver, type: 'Tensor' };
    if (receiver.type === 'Tensor[]' && name === 'map') {
      const element = this.#returned(call.arguments[0]);
      return element?.type === 'Tensor' ? { ...element, type: 'Tensor[]' } : undefined;
    }
    return probable(certain(PROBABLE_METHOD_RESULTS.get(receiver.type)?.get(name)));
  }

  /** `x.matMul(y)`, `x.sub(tf.ones([2]))`, `x.sub(y).pow(2)`: methods that a tensor has, and few other objects have. */
  #resultOfUnknownReceiver(
    call: TSESTree.CallExpression,
    callee: TSESTree.MemberExpression,
    name: string,
  ): KnownType | undefined {
    if (startsInOtherLibrary(callee)) return undefined;
    const distinctive = DISTINCTIVE_METHODS.get(name);
    if (distinctive !== undefined) return probable(certain(distinctive));
    const result = METHOD_RESULTS.get('Tensor')?.get(name);
    if (result === undefined || call.arguments.some((argument) => literalString(argument) !== undefined))
      return undefined;
    const takesTensor = call.arguments.some((argument) => this.typeOf(argument)?.type === 'Tensor');
    return takesTensor || isMethodOfTensor(callee.object) ? probable(certain(result)) : undefined;
  }

  /** The type that a function returns; for any other argument of `tf.tidy` and `tf.keep`, its own type. */
  #returned(argument: Node | undefined): KnownType | undefined {
    if (argument === undefined) return undefined;
    const called = this.#functions.calledBy(argument);
    if (called === undefined) return this.typeOf(argument);
    return combined(returnedValues(called, this.#source.visitorKeys).map((value) => this.typeOf(value)));
  }

  #awaited(promise: Node): KnownType | undefined {
    const call = unwrap(promise);
    const origin = call.type === AST_NODE_TYPES.CallExpression ? this.#origins.originOf(call.callee) : undefined;
    const promised = origin === undefined || isForeign(origin) ? undefined : PROMISED_RESULTS.get(pathOf(origin));
    return certain(promised) ?? this.typeOf(promise);
  }
}

/** Whether an expression calls a method that tensors have and that returns a tensor. */
function isMethodOfTensor(expression: Node): boolean {
  const inner = unwrap(expression);
  if (inner.type !== AST_NODE_TYPES.CallExpression || inner.callee.type !== AST_NODE_TYPES.MemberExpression)
    return false;
  return METHOD_RESULTS.get('Tensor')?.get(memberName(inner.callee) ?? '') === 'Tensor';
}

/** Whether a chain of methods starts at a function or a module of another library: `$(…)`, `_.chain(…)`. */
function startsInOtherLibrary(callee: Node): boolean {
  let node: Node = callee;
  while (node.type === AST_NODE_TYPES.MemberExpression || node.type === AST_NODE_TYPES.CallExpression)
    node = node.type === AST_NODE_TYPES.MemberExpression ? node.object : node.callee;
  return node.type === AST_NODE_TYPES.Identifier && FUNCTIONS_OF_OTHER_LIBRARIES.has(node.name);
}
