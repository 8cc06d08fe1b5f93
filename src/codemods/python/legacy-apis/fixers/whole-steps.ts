/**
 * Numbers of steps as integers. The generator methods counted up until they had done at least so many steps, and took
 * any number; `fit` of Keras 3 takes only integers. Pure.
 */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';

import { assignmentOf, callArguments, enclosingClass, statementOf } from '../../analysis/statements.js';
import { reachingDefinitions, type Variable, variableOf } from '../../analysis/variables.js';
import { childByField, descendants, namedChildren, type PyNode } from '../../syntax/node.js';

/** Variables are followed no further than this. */
const MAX_DEPTH = 4;

/** Functions whose result is a float, although it is a whole number. */
const ROUNDS_TO_FLOAT = /^(numpy|np)\.(ceil|floor|round|rint|trunc|around|divide|true_divide)$/;

/**
 * The edits that make a number of steps an integer.
 *
 * @param module - The file.
 * @param steps - The argument.
 * @returns No edit when nothing shows that it may be a float; undefined when it is one and cannot be rounded here.
 */
export function wholeSteps(module: PythonModule, steps: PyNode): readonly TextEdit[] | undefined {
  if (!isFloat(module, steps, 0)) return [];
  const around = (before: string, after: string): TextEdit[] => [
    { start: steps.start, end: steps.start, text: before },
    { start: steps.end, end: steps.end, text: after },
  ];
  if (steps.type === 'call' && ROUNDS_TO_FLOAT.test(originOf(module, steps) ?? '')) return around('int(', ')');
  const math = importedAs(module, 'math', steps);
  if (math !== undefined) return around(`${math}.ceil(`, ')');
  const numpy = importedAs(module, 'numpy', steps);
  if (numpy !== undefined) return around(`int(${numpy}.ceil(`, '))');
  const operator = steps.type === 'binary_operator' ? childByField(steps, 'operator') : undefined;
  const left = childByField(steps, 'left');
  if (operator === undefined || left === undefined || module.source.textOf(operator) !== '/') return undefined;
  const isSimple = /^(identifier|attribute|call|integer|subscript|parenthesized_expression)$/.test(left.type);
  return [
    { start: steps.start, end: steps.start, text: isSimple ? 'int(-(-' : 'int(-(-(' },
    ...(isSimple ? [] : [{ start: left.end, end: left.end, text: ')' }]),
    { start: operator.start, end: operator.end, text: '//' },
    { start: steps.end, end: steps.end, text: '))' },
  ];
}

/** Whether an expression gives a float, judging by its operators and by what its variables were assigned. */
function isFloat(module: PythonModule, node: PyNode, depth: number): boolean {
  const inner = (child: PyNode | undefined): boolean => child !== undefined && isFloat(module, child, depth);
  switch (node.type) {
    case 'float':
      return true;
    case 'parenthesized_expression':
    case 'unary_operator':
      return namedChildren(node).some(inner);
    case 'binary_operator': {
      const operator = childByField(node, 'operator');
      if (operator !== undefined && module.source.textOf(operator) === '/') return true;
      return inner(childByField(node, 'left')) || inner(childByField(node, 'right'));
    }
    case 'conditional_expression':
      return namedChildren(node).some((child, index) => index !== 1 && inner(child));
    case 'call': {
      const callee = childByField(node, 'function');
      if (callee === undefined) return false;
      const isBuiltin = module.scopes.bindingOf(callee) === undefined;
      const name = module.source.textOf(callee);
      if (isBuiltin && /^(max|min|sum|abs)$/.test(name))
        return callArguments(module.source, node).positional.some((argument) => inner(argument));
      return (
        (isBuiltin && name === 'float') ||
        ROUNDS_TO_FLOAT.test(originOf(module, node) ?? '') ||
        (depth < MAX_DEPTH && returnsFloat(module, callee, depth + 1))
      );
    }
    case 'identifier':
    case 'attribute': {
      const variable = depth < MAX_DEPTH ? variableOf(module, node) : undefined;
      if (variable === undefined) return false;
      const reaching = reachingDefinitions(module, variable, node);
      const definitions = reaching.length > 0 ? reaching : assignmentsElsewhere(module, node, variable);
      return definitions.some((definition) => {
        const assignment = assignmentOf(definition);
        return (
          assignment !== undefined &&
          !/list|tuple/.test(assignment.left.type) &&
          isFloat(module, assignment.right, depth + 1)
        );
      });
    }
    default:
      return false;
  }
}

/** Where other functions, or other methods of the class, assign a variable. */
function assignmentsElsewhere(module: PythonModule, node: PyNode, { root, text }: Variable): PyNode[] {
  const owner = /^self\.\w+$/.test(text) ? enclosingClass(node) : undefined;
  if (owner === undefined) return root.writes.map(({ site }) => statementOf(site));
  return [...descendants(owner)].filter((statement) => {
    const left = assignmentOf(statement)?.left;
    return left !== undefined && module.source.textOf(left) === text;
  });
}

/** Whether a function of this file returns a float. */
function returnsFloat(module: PythonModule, callee: PyNode, depth: number): boolean {
  const writes = callee.type === 'identifier' ? (module.scopes.bindingOf(callee)?.writes ?? []) : [];
  return writes.some(({ kind, site }) => {
    if (kind !== 'definition' || site.type !== 'function_definition') return false;
    return [...descendants(site)].some((node) => {
      const [value] = node.type === 'return_statement' ? namedChildren(node) : [];
      return value !== undefined && isFloat(module, value, depth);
    });
  });
}

function originOf(module: PythonModule, call: PyNode): string | undefined {
  const callee = childByField(call, 'function');
  return callee === undefined ? undefined : module.origins.of(callee)[0];
}

/** The name by which the whole file knows a module, if it means the same at a node. */
function importedAs(module: PythonModule, name: string, at: PyNode): string | undefined {
  for (const [local, binding] of module.scopes.module.bindings) {
    const [imported, ...others] = module.origins.importsOf(binding);
    if (imported?.module !== name || imported.member !== undefined || others.length > 0) continue;
    if (module.scopes.lookUp(local, module.scopes.scopeAt(at)) === binding) return local;
  }
  return undefined;
}
