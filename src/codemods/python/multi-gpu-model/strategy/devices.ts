/** From the `gpus` argument to the expression that makes the strategy. */
import type { PythonModule } from '../../analysis/module.js';
import type { Binding } from '../../analysis/scopes.js';

import { assignmentOf, callArguments } from '../../analysis/statements.js';
import { childByField, closest, descendants, namedChildren, type PyNode } from '../../syntax/node.js';

/** How many device names are written out; beyond that a comprehension is shorter to read. */
const MOST_NAMES_WRITTEN_OUT = 4;

/** What a `gpus` value is known to be. */
export type GpusKind = 'count' | 'ids' | 'unknown';

/**
 * The call that makes a strategy for these GPUs, e.g. `tf.distribute.MirroredStrategy(["/gpu:0", "/gpu:1"])`.
 *
 * @param tensorflow The name by which the file knows TensorFlow.
 * @param gpus The argument's node, or undefined for all GPUs.
 * @param text The argument's source text, which may have been rewritten.
 */
export function mirroredStrategy(
  module: PythonModule,
  tensorflow: string,
  gpus: PyNode | undefined,
  text: string,
): string {
  const constructor = `${tensorflow}.distribute.MirroredStrategy`;
  if (gpus === undefined) return `${constructor}()`;
  return `${constructor}(${deviceList(module, gpus, text)})`;
}

function deviceList(module: PythonModule, gpus: PyNode, text: string): string {
  const { source } = module;
  const quote = preferredQuote(source.text);
  if (gpus.type === 'integer') {
    const count = Number(source.textOf(gpus));
    if (Number.isInteger(count) && count > 0 && count <= MOST_NAMES_WRITTEN_OUT) {
      return `[${Array.from({ length: count }, (_, index) => `${quote}/gpu:${index}${quote}`).join(', ')}]`;
    }
  }
  if (gpus.type === 'list' || gpus.type === 'tuple') {
    const items = namedChildren(gpus);
    if (items.length > 0 && items.every((item) => item.type === 'integer')) {
      return `[${items.map((item) => `${quote}/gpu:${source.textOf(item)}${quote}`).join(', ')}]`;
    }
  }
  const index = /\bi\b/.test(text) ? 'gpu' : 'i';
  const each = `f${quote}/gpu:{${index}}${quote} for ${index}`;
  switch (gpusKind(module, gpus)) {
    case 'count':
      return `[${each} in range(${text})]`;
    case 'ids':
      return `[${each} in ${text}]`;
    case 'unknown':
      return `[${each} in (range(${text}) if isinstance(${text}, int) else ${text})]`;
  }
}

/** What can be proved about a `gpus` expression: a count, a list of ids, or neither. */
function gpusKind(module: PythonModule, expression: PyNode, depth = 0): GpusKind {
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
      return namedChildren(expression)[0] === undefined
        ? 'unknown'
        : gpusKind(module, namedChildren(expression)[0] as PyNode, depth);
    case 'conditional_expression': {
      const kinds = new Set(
        [0, 2].map((index) => gpusKind(module, namedChildren(expression)[index] as PyNode, depth + 1)),
      );
      return kinds.size === 1 ? ([...kinds][0] as GpusKind) : 'unknown';
    }
    case 'call': {
      const callee = childByField(expression, 'function');
      const name = callee === undefined ? '' : source.textOf(callee);
      if (['int', 'len', 'max', 'min', 'round', 'sum'].includes(name)) return 'count';
      if (['list', 'range', 'map', 'tuple', 'sorted'].includes(name)) return 'ids';
      return /\.split$/.test(name) ? 'ids' : 'unknown';
    }
    case 'identifier':
    case 'attribute':
      if (isComparedWithNumber(module, expression)) return 'count';
      if (isMeasured(module, expression)) return 'ids';
      return depth < 4 ? kindOfVariable(module, expression, depth) : 'unknown';
    default:
      return 'unknown';
  }
}

/** `n > 1` somewhere in the same function: a number, for Python 3 does not compare lists with numbers. */
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

/** `len(ids)` somewhere in the same function. */
function isMeasured(module: PythonModule, expression: PyNode): boolean {
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

/** `args.gpus` from argparse with `type=int`, or `self.gpus` assigned in the class. */
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
  for (const node of source.nodes) {
    if (node.type !== 'call') continue;
    const callee = childByField(node, 'function');
    if (callee === undefined || !/\.add_argument$/.test(source.textOf(callee))) continue;
    const { positional, keywords } = callArguments(source, node);
    const flags = positional.map((flag) =>
      source
        .textOf(flag)
        .replace(/^[rub]*(['"])-*(.*)\1$/i, '$2')
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
  return /^(n|num|nb|number_of)_?gpus?$|gpus?_?(num|nb|count)$/i.test(attribute) ? 'count' : 'unknown';
}

function agreed(kinds: readonly GpusKind[]): GpusKind {
  const [first] = kinds;
  return first !== undefined && kinds.every((kind) => kind === first) ? first : 'unknown';
}

/** The quote character that a file uses more. */
export function preferredQuote(text: string): '"' | "'" {
  const double = text.match(/"/g)?.length ?? 0;
  const single = text.match(/'/g)?.length ?? 0;
  return single > double ? "'" : '"';
}
