/**
 * Finds what a function builds besides its wrapped models: parts of them, and other models of the same layers. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';

import { assignmentOf, calleeOf, isDefinition } from '../../analysis/statements.js';
import {
  isVariable,
  mentionsOf,
  reachingDefinitions,
  sameVariable,
  type Variable,
  variableOf,
} from '../../analysis/variables.js';
import { childByField, namedChildren, type PyNode } from '../../syntax/node.js';

import { buildSlice, makesModelPart } from './build-slice.js';
import { isGivenData, withoutGivenData } from './given-data.js';
import { functionOrModule, type Wrap } from './wrap-group.js';

/** The variables that statements assign in their own function. */
export function variablesAssignedBy(
  module: PythonModule,
  statements: Iterable<PyNode>,
  functionNode: PyNode,
): Variable[] {
  const found: Variable[] = [];
  for (const statement of statements) {
    for (const inner of assignmentsIn({ children: [statement] })) {
      const left = assignmentOf(inner)?.left;
      const targets =
        left === undefined
          ? []
          : /^(pattern_list|tuple_pattern|list_pattern)$/.test(left.type)
            ? namedChildren(left)
            : [left];
      for (const target of targets) {
        const variable = variableOf(module, target);
        if (
          variable !== undefined &&
          functionOrModule(module, inner) === functionNode &&
          !found.some((known) => sameVariable(known, variable))
        )
          found.push(variable);
      }
    }
  }
  return found;
}

/** Whether a call uses the name of a part for another object: `x` may be a tensor first and a separate model later. */
export function usesOtherObject(
  module: PythonModule,
  call: PyNode,
  relatives: readonly Variable[],
  scopeStatements: ReadonlySet<PyNode>,
): boolean {
  const object = childByField(childByField(call, 'function') ?? call, 'object');
  const variable = relatives.find((relative) => object !== undefined && isVariable(module, object, relative));
  return (
    variable !== undefined &&
    !reachingDefinitions(module, variable, call).some((definition) => scopeStatements.has(definition))
  );
}

/**
 * The statements that build other models from the same layers: they have to share the scope, wherever they are
 * compiled.
 */
export function derivedModels(
  module: PythonModule,
  wraps: readonly Wrap[],
  models: readonly Variable[],
  functionNode: PyNode,
  first: number,
  end: number,
): PyNode[] {
  const known: Variable[] = [...models];
  for (const { site, template } of wraps) {
    if (template !== undefined) known.push(...buildSlice(module, template, site.statement).parts);
  }
  const statements: PyNode[] = [];
  for (const statement of assignmentsIn(functionNode)) {
    if (statement.start <= first || statement.start >= end || wraps.some(({ site }) => site.statement === statement))
      continue;
    const { left, right } = assignmentOf(statement) ?? {};
    if (left === undefined || right === undefined || !mentionsAny(module, known, right)) continue;
    if (!buildsLayers(module, right) || !makesModelPart(module, statement)) continue;
    statements.push(statement);
    const variable = variableOf(module, left);
    if (variable === undefined || known.some((part) => sameVariable(part, variable))) continue;
    known.push(variable);
  }
  return statements;
}

function mentionsAny(module: PythonModule, variables: readonly Variable[], within: PyNode): boolean {
  return variables.some((variable) => mentionsOf(module, variable, within).length > 0);
}

/** Libraries whose functions return data, not layers. */
const HOLDS_DATA = /^(numpy|pandas|scipy|sklearn|cv2|PIL|os|json|pickle|math|random|re|time|matplotlib)(\.|$)/;

/**
 * Whether a value calls a function, or a class of Keras that builds layers. A class of the project that receives the
 * model is rather a callback.
 */
function buildsLayers(module: PythonModule, value: PyNode): boolean {
  for (const node of withoutGivenData(module, value)) {
    const callee = calleeOf(node);
    if (callee === undefined || isGivenData(module, node)) continue;
    const name = module.source.textOf(
      callee.type === 'attribute' ? (childByField(callee, 'attribute') ?? callee) : callee,
    );
    const origins = module.origins.of(callee);
    if (origins.length > 0 && origins.every((origin) => HOLDS_DATA.test(origin))) continue;
    if (
      origins.some((origin) =>
        /(^|\.)keras\.(?!callbacks|optimizers|losses|metrics|preprocessing|datasets|utils)/.test(`${origin}.`),
      )
    )
      return true;
    if (callee.type === 'call' || !/^[A-Z]/.test(name)) return true;
  }
  return false;
}

/** The assignments of a function or module, without those of nested definitions. */
function* assignmentsIn(node: Pick<PyNode, 'children'>): Generator<PyNode> {
  for (const child of node.children) {
    if (isDefinition(child) || child.type === 'lambda') continue;
    if (child.type === 'expression_statement') yield child;
    else yield* assignmentsIn(child);
  }
}
