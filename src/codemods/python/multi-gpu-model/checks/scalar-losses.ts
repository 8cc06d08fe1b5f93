/**
 * Finds loss functions that return one number for a whole batch. Under a strategy each replica computes one of its own,
 * and what becomes of these depends on the Keras. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { Reference } from '../../project/references.js';

import { callsIn } from '../../analysis/calls.js';
import { parameterName } from '../../analysis/scopes.js';
import { assignmentOf, callArguments, enclosingFunction, statementOf } from '../../analysis/statements.js';
import { reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { COMPILES } from '../../lifecycle/vocabulary-table.js';
import { definitionsInProject } from '../../project/follow-name.js';
import { childByField, descendants, namedChildren, type PyNode } from '../../syntax/node.js';
import { pathInKeras } from '../find/legacy-api.js';
import { definitionName } from '../model/class-members.js';
import { valuesOf } from '../model/compile-arguments.js';
import { isMethod } from '../model/method-calls.js';

const MAX_DEPTH = 4;

/** Reduces a tensor to one number, unless it is told an axis. */
const REDUCES = /^(backend|ops|math)\.(mean|sum|max|min|prod)$|^(math\.)?reduce_(mean|sum|max|min|prod)$/;

/** The `return` statements of losses in this file that give one number for the whole batch. */
export function scalarLosses(module: PythonModule): PyNode[] {
  const names = new Set(lossMentions(module).map((node) => module.source.textOf(node)));
  if (names.size === 0) return [];
  return scalarReturns(module, module.source.nodes, (definition) => {
    const outer = enclosingFunction(definition);
    return [definition, outer].some((each) => each !== undefined && names.has(definitionName(module, each)));
  });
}

/** A loss of another file that gives one number for the whole batch. */
interface ImportedLoss {
  /** Where this file names it. */
  readonly mention: PyNode;
  /** Where it returns the number. */
  readonly returned: Reference;
}

/** The losses of other files that give one number, each once. */
export function importedScalarLosses(project: PythonProject, module: PythonModule): ImportedLoss[] {
  const found = new Map<PyNode, ImportedLoss>();
  for (const mention of lossMentions(module)) {
    for (const { module: home, node } of definitionsInProject(project, module, mention)) {
      if (node.type !== 'function_definition' || found.has(node)) continue;
      const [returned] = scalarReturns(home, [...descendants(node)], () => true);
      if (returned !== undefined) found.set(node, { mention, returned: { module: home, node: returned } });
    }
  }
  return [...found.values()];
}

/** The `return` statements of functions that take predictions and give one number. */
function scalarReturns(
  module: PythonModule,
  nodes: readonly PyNode[],
  isLoss: (definition: PyNode) => boolean,
): PyNode[] {
  return nodes.filter((node) => {
    const [value] = node.type === 'return_statement' ? namedChildren(node) : [];
    const definition = value === undefined ? undefined : enclosingFunction(node);
    if (value === undefined || definition?.type !== 'function_definition' || !takesPredictions(definition))
      return false;
    return isLoss(definition) && isScalar(module, value, definition, 0);
  });
}

function takesPredictions(definition: PyNode): boolean {
  return namedChildren(childByField(definition, 'parameters') ?? definition).length >= 2;
}

/** The names in the losses that any `compile` of the file gets, directly or through a variable. */
function lossMentions(module: PythonModule): PyNode[] {
  const names: PyNode[] = [];
  const visit = (expression: PyNode, depth: number): void => {
    for (const node of descendants(expression)) {
      if (node.type !== 'identifier' && node.type !== 'attribute') continue;
      names.push(node);
      const variable = depth < MAX_DEPTH && node.type === 'identifier' ? variableOf(module, node) : undefined;
      if (variable === undefined) continue;
      for (const definition of reachingDefinitions(module, variable, node)) {
        const value = assignmentOf(definition)?.right;
        if (value !== undefined) visit(value, depth + 1);
      }
    }
  };
  for (const { call, callee } of callsIn(module.source.root))
    if (isMethod(module, callee, COMPILES)) for (const loss of valuesOf(module, call, 'loss')) visit(loss, 0);
  return names;
}

/** Whether an expression of a loss is one number. */
function isScalar(module: PythonModule, node: PyNode, definition: PyNode, depth: number): boolean {
  const inner = (child: PyNode | undefined): boolean =>
    child !== undefined && depth < MAX_DEPTH * 2 && isScalar(module, child, definition, depth + 1);
  switch (node.type) {
    case 'parenthesized_expression':
    case 'unary_operator':
      return inner(namedChildren(node).at(-1));
    case 'binary_operator': {
      const [left, right] = [childByField(node, 'left'), childByField(node, 'right')];
      const [one, two] = [inner(left), inner(right)];
      return (one && (two || isConstant(module, right, definition))) || (two && isConstant(module, left, definition));
    }
    case 'call': {
      const callee = childByField(node, 'function');
      const { positional, keywords, spread } = callArguments(module.source, node);
      if (callee === undefined || spread) return false;
      const origins = module.origins.of(callee);
      const reduces = origins.some((origin) =>
        REDUCES.test(pathInKeras(origin) ?? origin.replace(/^tensorflow\.(compat\.v[12]\.)?/, '')),
      );
      const axis = keywords.get('axis') ?? keywords.get('reduction_indices');
      if (reduces && positional.length <= 1 && (axis === undefined || axis.type === 'none')) return true;
      // A function of TensorFlow of one number is one number.
      return origins.length > 0 && positional.length === 1 && inner(positional[0]);
    }
    case 'identifier': {
      const variable = variableOf(module, node);
      const [only, ...others] = variable === undefined ? [] : reachingDefinitions(module, variable, statementOf(node));
      const value = only === undefined || others.length > 0 ? undefined : assignmentOf(only);
      return value?.left.type === 'identifier' && inner(value.right);
    }
    default:
      return false;
  }
}

/** Whether an expression has nothing to do with the rows of a batch: it mentions no parameter and no local variable. */
function isConstant(module: PythonModule, node: PyNode | undefined, definition: PyNode): boolean {
  if (node === undefined) return false;
  const parameters = namedChildren(childByField(definition, 'parameters') ?? definition).map(parameterName);
  return [...descendants(node)].every((each) => {
    const binding = each.type === 'identifier' ? module.scopes.bindingOf(each) : undefined;
    return (
      binding === undefined ||
      (binding.scope.node !== definition &&
        !parameters.some((name) => name !== undefined && binding === module.scopes.bindingOf(name)))
    );
  });
}
