/**
 * Decides whether code can notice that an expression is evaluated earlier, later or twice. Conservative: an unknown
 * call counts as having an effect. Pure.
 */
import type { PythonModule } from './module.js';

import { childByField, descendants, namedChildren, type PyNode } from '../syntax/node.js';

import { assignmentOf, expressionOf, statementsOf } from './statements.js';

const PURE_BUILTINS = new Set([
  'abs',
  'bool',
  'dict',
  'float',
  'getattr',
  'hasattr',
  'int',
  'isinstance',
  'len',
  'list',
  'map',
  'max',
  'min',
  'range',
  'round',
  'set',
  'sorted',
  'str',
  'sum',
  'tuple',
  'zip',
  'enumerate',
  'filter',
  'vars',
  'type',
  'any',
  'all',
]);

const PURE_METHODS = new Set([
  'split',
  'strip',
  'rstrip',
  'lstrip',
  'get',
  'lower',
  'upper',
  'count',
  'startswith',
  'endswith',
  'replace',
  'keys',
  'values',
  'items',
  'index',
  'find',
]);

/** Functions that list devices or read settings: they return the same value at any time. */
const PURE_ORIGINS = [
  /^os\.(getenv|environ\.get|cpu_count)$/,
  /^(multiprocessing\.)?cpu_count$/,
  /^tensorflow(\.python\.client)?\.device_lib\.list_local_devices$/,
  /^tensorflow\.python\.client\.device_lib\.list_local_devices$/,
  /^tensorflow(\.compat\.v[12])?\.config(\.experimental)?\.list_(physical|logical)_devices$/,
  /^tensorflow(\.compat\.v1)?\.test\.(is_gpu_available|gpu_device_name)$/,
  /(^|\.)keras\.backend(\.tensorflow_backend)?\._get_available_gpus$/,
  /(^|\.)keras\.(backend|config)\.backend$/,
  /^numpy\.(size|max|min|sum|array|arange)$/,
];

const PURE_NODES = new Set([
  'identifier',
  'integer',
  'float',
  'true',
  'false',
  'none',
  'string',
  'attribute',
  'subscript',
  'comparison_operator',
  'boolean_operator',
  'not_operator',
  'binary_operator',
  'unary_operator',
  'parenthesized_expression',
  'list',
  'tuple',
  'dictionary',
  'set',
  'pair',
  'conditional_expression',
  'call',
  'list_comprehension',
  'generator_expression',
  'for_in_clause',
  'if_clause',
  'argument_list',
  'keyword_argument',
  'slice',
  'concatenated_string',
  'lambda',
  'lambda_parameters',
  'set_comprehension',
  'dictionary_comprehension',
]);

/** Whether an expression has no effect, and the same value as long as its names have the same values. */
export function isPure(module: PythonModule, expression: PyNode, depth = 0): boolean {
  for (const node of descendants(expression)) {
    if (!node.named || node.type === 'comment') continue;
    if (node.type === 'call') {
      if (!isPureCall(module, node, depth)) return false;
    } else if (!PURE_NODES.has(node.type) && !insideString(node)) {
      return false;
    }
  }
  return true;
}

function insideString(node: PyNode): boolean {
  for (let current = node.parent; current !== undefined; current = current.parent)
    if (current.type === 'string') return true;
  return false;
}

function isPureCall(module: PythonModule, call: PyNode, depth: number): boolean {
  const callee = childByField(call, 'function');
  if (callee === undefined) return false;
  if (callee.type === 'identifier') {
    const binding = module.scopes.bindingOf(callee);
    if (binding === undefined) return PURE_BUILTINS.has(module.source.textOf(callee));
    const definition = binding.writes[0]?.site;
    if (binding.writes.length === 1 && definition?.type === 'function_definition')
      return isPureFunction(module, definition, depth);
  }
  const origins = module.origins.of(callee);
  if (origins.length > 0) {
    return origins.every(
      (origin) =>
        PURE_ORIGINS.some((pattern) => pattern.test(origin)) || /(^|\.)_?get_available_(gpus|cpus)$/.test(origin),
    );
  }
  const method = callee.type === 'attribute' ? childByField(callee, 'attribute') : undefined;
  return method !== undefined && PURE_METHODS.has(module.source.textOf(method));
}

/** Whether the body of a function only assigns local names and returns. */
function isPureFunction(module: PythonModule, definition: PyNode, depth: number): boolean {
  if (depth > 3) return false;
  const body = childByField(definition, 'body');
  if (body === undefined) return false;
  return statementsOf(body).every((statement) => {
    if (statement.type === 'return_statement')
      return namedChildren(statement).every((value) => isPure(module, value, depth + 1));
    if (statement.type === 'import_from_statement' || statement.type === 'import_statement') return true;
    if (expressionOf(statement)?.type === 'string') return true;
    const assignment = assignmentOf(statement);
    return (
      assignment !== undefined && assignment.left.type === 'identifier' && isPure(module, assignment.right, depth + 1)
    );
  });
}
