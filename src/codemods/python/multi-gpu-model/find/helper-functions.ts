/**
 * Helpers that only wrap: `def to_multi_gpu(model, n): return multi_gpu_model(model, gpus=n)`, with or without a branch
 * that returns the original model. A call of one is a wrap, like a call of Keras' function. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { WrapperSignature } from './wrap-site.js';

import { isPure } from '../../analysis/purity.js';
import { parameterName } from '../../analysis/scopes.js';
import {
  assignmentOf,
  branchesOf,
  callArguments,
  calleeOf,
  expressionOf,
  statementsOf,
} from '../../analysis/statements.js';
import { childByField, descendants, namedChildren, type PyNode } from '../../syntax/node.js';

import { isLegacyFunction } from './legacy-api.js';

/** The signature of a helper that does nothing but wrap; undefined for every other function. */
export function helperSignature(module: PythonModule, definition: PyNode): WrapperSignature | undefined {
  const { source } = module;
  const list = namedChildren(childByField(definition, 'parameters') ?? definition);
  const parameters = list.map(parameterName).map((name) => (name === undefined ? undefined : source.textOf(name)));
  const [model] = parameters;
  if (
    model === undefined ||
    parameters.includes(undefined) ||
    list.some(({ type }) => /splat/.test(type)) ||
    /async/.test(definition.children[0]?.type ?? '')
  )
    return undefined;
  const body = statementsOf(childByField(definition, 'body') ?? definition).filter(
    (statement) => expressionOf(statement)?.type !== 'string' && !/^import/.test(statement.type),
  );
  const wrapped = wrapIn(module, body, model);
  if (wrapped === undefined) return undefined;
  const { gpus, condition } = wrapped;
  if (gpus === undefined)
    return condition === undefined ? { parameters: parameters as string[], model, gpus: undefined } : undefined;
  const name = source.textOf(gpus);
  const isParameter = gpus.type === 'identifier' && parameters.includes(name) && name !== model;
  if (!isParameter && !readsOnlyGlobals(module, gpus)) return undefined;
  const signature = {
    parameters: parameters as string[],
    model,
    ...(isParameter ? { gpus: name } : { gpus: undefined, globalGpus: gpus }),
  };
  if (condition === undefined) return signature;
  if (readsOnlyGlobals(module, condition)) return { ...signature, globalCondition: condition };
  if (!isParameter) return undefined;
  const comparison = new RegExp(`^\\(?${name}(\\s*(?:>=?|!=)\\s*\\d+)?\\)?$`).exec(source.textOf(condition));
  return comparison === null ? undefined : { ...signature, condition: comparison[1] ?? '' };
}

/** Whether an expression has no effect and reads only names of the module, so that every caller can evaluate it. */
function readsOnlyGlobals(module: PythonModule, expression: PyNode): boolean {
  if (!isPure(module, expression)) return false;
  return [...descendants(expression)].every((node) => {
    if (node.type !== 'identifier' || node.field === 'attribute') return true;
    const binding = module.scopes.bindingOf(node);
    return binding === undefined || binding.scope.kind === 'module';
  });
}

/** The arguments of the call inside a helper. */
interface HelperCall {
  readonly gpus: PyNode | undefined;
  readonly condition: PyNode | undefined;
}

/** Reads the few shapes of body that wrap a parameter and return the result. */
function wrapIn(module: PythonModule, body: readonly PyNode[], model: string): HelperCall | undefined {
  const [first, second, ...more] = body;
  if (first === undefined || more.length > 0) return undefined;
  if (first.type === 'if_statement') {
    const [whenTrue, otherwise, ...others] = branchesOf(first);
    const inner = whenTrue === undefined ? [] : statementsOf(whenTrue.block);
    if (whenTrue?.condition === undefined || others.length > 0 || otherwise?.condition !== undefined) return undefined;
    const { condition } = whenTrue;
    if (otherwise !== undefined) {
      const plain = statementsOf(otherwise.block);
      const returnsPlain = plain.length === 1 && plain[0] !== undefined && returned(module, plain[0]) === model;
      return second === undefined && returnsPlain ? withCondition(wrapIn(module, inner, model), condition) : undefined;
    }
    if (second === undefined || returned(module, second) !== model) return undefined;
    const [only] = inner;
    if (inner.length === 1 && only !== undefined && targetOf(module, only) === model)
      return withCondition(wrapOf(module, assignmentOf(only)?.right, model), condition);
    return withCondition(wrapIn(module, inner, model), condition);
  }
  if (second === undefined)
    return first.type === 'return_statement' ? wrapOf(module, namedChildren(first)[0], model) : undefined;
  const name = targetOf(module, first);
  return name !== undefined && returned(module, second) === name
    ? wrapOf(module, assignmentOf(first)?.right, model)
    : undefined;
}

function withCondition(wrapped: HelperCall | undefined, condition: PyNode): HelperCall | undefined {
  return wrapped === undefined || wrapped.condition !== undefined ? undefined : { ...wrapped, condition };
}

function wrapOf(module: PythonModule, call: PyNode | undefined, model: string): HelperCall | undefined {
  const callee = calleeOf(call);
  if (call === undefined || callee === undefined || !module.origins.of(callee).some(isLegacyFunction)) return undefined;
  const { positional, keywords, spread } = callArguments(module.source, call);
  const known = [...keywords.keys()].every((name) => /^(model|gpus|cpu_merge)$/.test(name));
  const given = keywords.get('model') ?? positional[0];
  if (spread || !known || positional.length > 3 || given === undefined || module.source.textOf(given) !== model)
    return undefined;
  const gpus = keywords.get('gpus') ?? positional[1];
  return { gpus: gpus !== undefined && module.source.textOf(gpus) !== 'None' ? gpus : undefined, condition: undefined };
}

function targetOf(module: PythonModule, statement: PyNode): string | undefined {
  const left = assignmentOf(statement)?.left;
  return left?.type === 'identifier' ? module.source.textOf(left) : undefined;
}

function returned(module: PythonModule, statement: PyNode): string | undefined {
  const [value] = statement.type === 'return_statement' ? namedChildren(statement) : [];
  return value?.type === 'identifier' ? module.source.textOf(value) : undefined;
}
