/** Finds the types of variables: from annotations, assignments, patterns, arguments and callbacks. Pure. */
import type { Origins } from '../origins/origin.js';
import type { FunctionNode, Node } from '../syntax/syntax-tree.js';
import type { FunctionsInFile } from '../values/functions-in-file.js';
import type { Variable } from '@typescript-eslint/scope-manager';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { isFunction, keyName, memberName } from '../syntax/syntax-tree.js';
import { assignedValue, reachingValue } from '../values/assigned-values.js';
import { isParameter } from '../values/functions-in-file.js';

import { annotatedType } from './annotated-type.js';
import { combined, type KnownType, probable } from './known-type.js';
import { ELEMENT_PARAMETERS } from './receiver-type-table.js';

export class VariableTypes {
  readonly #origins: Origins;
  readonly #functions: FunctionsInFile;
  readonly #typeOf: (expression: Node) => KnownType | undefined;
  /** The types that do not depend on where a variable is used. */
  readonly #types = new Map<Variable, KnownType | undefined>();

  constructor(origins: Origins, functions: FunctionsInFile, typeOf: (expression: Node) => KnownType | undefined) {
    this.#origins = origins;
    this.#functions = functions;
    this.#typeOf = typeOf;
  }

  /** The type of a variable where it is used. */
  typeOf(identifier: TSESTree.Identifier): KnownType | undefined {
    const variable = this.#origins.names.variableOf(identifier);
    const [definition, ...others] = variable?.defs ?? [];
    if (variable === undefined || definition === undefined || others.length > 0) return undefined;
    const name = definition.name as Node;
    if (name.type === AST_NODE_TYPES.Identifier && name.typeAnnotation !== undefined)
      return annotatedType(name.typeAnnotation.typeAnnotation, this.#origins);
    const reaching = reachingValue(identifier, variable, this.#origins.names);
    if (reaching !== undefined) return this.#typeOf(reaching);
    if (this.#types.has(variable)) return this.#types.get(variable);
    this.#types.set(variable, undefined);
    const type = this.#typeAnywhere(variable, name, isParameter(definition));
    this.#types.set(variable, type);
    return type;
  }

  #typeAnywhere(variable: Variable, name: Node, isParameterName: boolean): KnownType | undefined {
    const written = this.#origins.names
      .referencesTo(variable)
      .filter((reference) => reference.isWrite())
      .map(({ identifier }) => this.#typeOfWrite(identifier as Node));
    if (!isParameterName) return combined(written);
    // The value of a parameter comes from callers, and some may be in other files.
    return probable(combined([this.#typeOfParameter(name, variable), ...written]));
  }

  #typeOfWrite(target: Node): KnownType | undefined {
    const value = assignedValue(target);
    return value === undefined ? this.#typeOfPart(target) : this.#typeOf(value);
  }

  /** `const { mean } = tf.moments(x)`, `const [a, b] = tf.split(x, 2)`, `for (const row of x.unstack())`. */
  #typeOfPart(target: Node): KnownType | undefined {
    const { parent } = target;
    if (parent?.type === AST_NODE_TYPES.VariableDeclarator) {
      const loop = parent.parent.parent;
      return loop.type === AST_NODE_TYPES.ForOfStatement && loop.left === parent.parent
        ? this.#elementOf(loop.right)
        : undefined;
    }
    if (parent?.type === AST_NODE_TYPES.ArrayPattern) {
      const whole = assignedValue(parent);
      return whole === undefined ? undefined : this.#elementOf(whole);
    }
    if (parent?.type !== AST_NODE_TYPES.Property || parent.parent.type !== AST_NODE_TYPES.ObjectPattern)
      return undefined;
    const whole = assignedValue(parent.parent);
    if (whole === undefined || keyName(parent) === undefined) return undefined;
    const type = this.#typeOf(whole);
    return type?.type === 'Tensor{}' ? { ...type, type: 'Tensor' } : undefined;
  }

  #elementOf(list: Node): KnownType | undefined {
    const type = this.#typeOf(list);
    return type?.type === 'Tensor[]' ? { ...type, type: 'Tensor' } : undefined;
  }

  #typeOfParameter(name: Node, variable: Variable): KnownType | undefined {
    const callee = variable.defs[0]?.node as Node | undefined;
    if (callee === undefined || !isFunction(callee)) return undefined;
    const index = callee.params.findIndex(
      (parameter) =>
        parameter === name || (parameter.type === AST_NODE_TYPES.AssignmentPattern && parameter.left === name),
    );
    if (index === -1) return undefined;
    const { calls, passedTo } = this.#functions.usesOf(callee);
    return combined([
      ...calls.map((call) => this.#argumentType(call, index)).filter((type) => type !== undefined),
      ...passedTo.map((call) => this.#callbackParameterType(call, callee, index)).filter((type) => type !== undefined),
    ]);
  }

  #argumentType(call: Node, index: number): KnownType | undefined {
    if (call.type !== AST_NODE_TYPES.CallExpression && call.type !== AST_NODE_TYPES.NewExpression) return undefined;
    const argument = call.arguments[index];
    const hasSpread = call.arguments.slice(0, index + 1).some(({ type }) => type === AST_NODE_TYPES.SpreadElement);
    return argument === undefined || hasSpread ? undefined : this.#typeOf(argument);
  }

  /** `tensors.sort((a, b) => …)`: the parameters are elements. */
  #callbackParameterType(call: TSESTree.CallExpression, callback: FunctionNode, index: number): KnownType | undefined {
    const { callee } = call;
    if (callee.type !== AST_NODE_TYPES.MemberExpression) return undefined;
    const isFirst = this.#functions.calledBy(call.arguments[0] ?? call) === callback;
    const isElement = ELEMENT_PARAMETERS.get(memberName(callee) ?? '')?.includes(index) === true;
    return isFirst && isElement ? this.#elementOf(callee.object) : undefined;
  }
}
