/** Decides whether a `gpus` argument is a count or a list of device ids. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { Binding } from '../../analysis/scopes.js';

import { assignmentOf, callArguments } from '../../analysis/statements.js';
import { childByField, closest, descendants, namedChildren, type PyNode } from '../../syntax/node.js';

/** What the code proves about a `gpus` value. */
export type GpusKind = 'count' | 'ids' | 'unknown';

/** A chain of assignments longer than this is not followed. */
const MAX_DEPTH = 4;

/** Whether the code proves that an expression is a count, or a list of ids. */
export function gpusKind(module: PythonModule, expression: PyNode, depth = 0): GpusKind {
  const { source } = module;
  switch (expression.type) {
    case 'integer':
    case 'binary_operator':
    case 'unary_operator':
      return 'count';
    case 'list':
    case 'tuple':
    case 'list_comprehension':
      return 'ids';
    case 'parenthesized_expression':
      return agreed(
        namedChildren(expression)
          .slice(0, 1)
          .map((inner) => gpusKind(module, inner, depth)),
      );
    case 'conditional_expression': {
      const [consequence, , alternative] = namedChildren(expression);
      if (consequence === undefined || alternative === undefined) return 'unknown';
      return agreed([consequence, alternative].map((arm) => gpusKind(module, arm, depth + 1)));
    }
    case 'boolean_operator':
      return agreed(namedChildren(expression).map((operand) => gpusKind(module, operand, depth + 1)));
    case 'call':
      return kindOfCall(source.textOf(childByField(expression, 'function') ?? expression));
    case 'identifier':
    case 'attribute':
      if (isComparedWithNumber(module, expression)) return 'count';
      if (hasLength(module, expression)) return 'ids';
      return depth < MAX_DEPTH ? kindOfVariable(module, expression, depth) : 'unknown';
    default:
      return 'unknown';
  }
}

function kindOfCall(callee: string): GpusKind {
  if (['int', 'len', 'max', 'min', 'round', 'sum'].includes(callee)) return 'count';
  if (['list', 'range', 'map', 'tuple', 'sorted'].includes(callee)) return 'ids';
  return /\.split$/.test(callee) ? 'ids' : 'unknown';
}

/** `n > 1` somewhere in the same function: a number, because Python 3 cannot compare a list with a number. */
function isComparedWithNumber(module: PythonModule, expression: PyNode): boolean {
  const text = module.source.textOf(expression);
  const body = closest(expression.parent, (node) => node.type === 'function_definition' || node.type === 'module');
  if (body === undefined) return false;
  for (const node of descendants(body)) {
    if (node.type !== 'comparison_operator') continue;
    const operands = namedChildren(node);
    const ordering = node.children.some((child) => ['<', '>', '<=', '>='].includes(child.type));
    if (
      ordering &&
      operands.some((operand) => module.source.textOf(operand) === text) &&
      operands.some((operand) => operand.type === 'integer')
    ) {
      return true;
    }
  }
  return false;
}

/** `len(ids)` somewhere in the same function: a list. */
function hasLength(module: PythonModule, expression: PyNode): boolean {
  const text = `len(${module.source.textOf(expression)})`;
  const body = closest(expression.parent, (node) => node.type === 'function_definition' || node.type === 'module');
  if (body === undefined) return false;
  for (const node of descendants(body)) if (node.type === 'call' && module.source.textOf(node) === text) return true;
  return false;
}

function kindOfVariable(module: PythonModule, expression: PyNode, depth: number): GpusKind {
  if (expression.type === 'attribute') return kindOfAttribute(module, expression, depth);
  const binding = module.scopes.bindingOf(expression);
  if (binding === undefined) return 'unknown';
  return agreed(
    binding.writes.map((write) => {
      if (write.kind === 'assignment' && write.site.type === 'assignment') {
        const right = childByField(write.site, 'right');
        return childByField(write.site, 'left') === write.name && right !== undefined
          ? gpusKind(module, right, depth + 1)
          : 'unknown';
      }
      if (write.kind === 'for' && childByField(write.site, 'left') === write.name) {
        return /^range\s*\(/.test(module.source.textOf(childByField(write.site, 'right') ?? write.name))
          ? 'count'
          : 'unknown';
      }
      if (write.kind === 'parameter') return kindOfParameter(module, write.site, binding);
      return 'unknown';
    }),
  );
}

function kindOfParameter(module: PythonModule, parameter: PyNode, binding: Binding): GpusKind {
  const annotation = childByField(parameter, 'type');
  if (annotation !== undefined) {
    const type = module.source.textOf(annotation);
    if (type === 'int') return 'count';
    if (/^(typing\.)?(List|list|Sequence|Tuple|tuple)\b/.test(type)) return 'ids';
  }
  const value = childByField(parameter, 'value');
  if (value?.type === 'integer') return 'count';
  if (value?.type === 'list' || value?.type === 'tuple') return 'ids';
  return /^(n|num|nb|number_of|count)_?gpus?$|gpus?_?(n|num|nb|count)$|^n_?gpus?$/i.test(binding.name)
    ? 'count'
    : 'unknown';
}

/** `args.gpus` from argparse with `type=int`, or `self.gpus` that the class assigns. */
function kindOfAttribute(module: PythonModule, expression: PyNode, depth: number): GpusKind {
  const { source } = module;
  const name = childByField(expression, 'attribute');
  const object = childByField(expression, 'object');
  if (name === undefined || object === undefined) return 'unknown';
  const attribute = source.textOf(name);
  if (source.textOf(object) === 'self') {
    const owner = closest(expression, (node) => node.type === 'class_definition');
    if (owner === undefined) return 'unknown';
    const kinds: GpusKind[] = [];
    for (const node of descendants(owner)) {
      const assignment = assignmentOf(node);
      if (assignment !== undefined && source.textOf(assignment.left) === `self.${attribute}`) {
        kinds.push(gpusKind(module, assignment.right, depth + 1));
      }
    }
    if (kinds.length > 0) return agreed(kinds);
  }
  const declared = kindOfOption(module, attribute);
  if (declared !== undefined) return declared;
  return /^(n|num|nb|number_of)_?gpus?$|gpus?_?(num|nb|count)$/i.test(attribute) ? 'count' : 'unknown';
}

/** What an `add_argument` call declares about a command-line option; undefined when no call declares it. */
function kindOfOption(module: PythonModule, attribute: string): GpusKind | undefined {
  const { source } = module;
  for (const node of source.nodes) {
    if (node.type !== 'call') continue;
    const callee = childByField(node, 'function');
    if (callee === undefined || !/\.add_argument$/.test(source.textOf(callee))) continue;
    const { positional, keywords } = callArguments(source, node);
    const flags = positional.map((flag) =>
      source
        .textOf(flag)
        .replace(/^[rub]*(['"])(.*)\1$/i, '$2')
        .replace(/^-+/, '')
        .replaceAll('-', '_'),
    );
    const destination = keywords.get('dest');
    const matches =
      flags.includes(attribute) || (destination !== undefined && source.textOf(destination).slice(1, -1) === attribute);
    if (!matches) continue;
    if (keywords.has('nargs')) return 'ids';
    const type = keywords.get('type');
    return type !== undefined && source.textOf(type) === 'int' ? 'count' : 'unknown';
  }
  return undefined;
}

/** The one kind that all agree on. */
function agreed(kinds: readonly GpusKind[]): GpusKind {
  const [first] = kinds;
  return first !== undefined && kinds.every((kind) => kind === first) ? first : 'unknown';
}
