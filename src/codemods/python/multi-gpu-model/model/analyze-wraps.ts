/**
 * Analyzes the wraps of one function before anything moves: which statements build and compile the models, and which
 * block contains all of them. Pure.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { PyNode } from '../../syntax/node.js';
import type { LateCreation } from './wrap-group.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { commonBlock, isBlock, statementOf } from '../../analysis/statements.js';
import { sameVariable, type Variable } from '../../analysis/variables.js';
import { COMPILES } from '../../lifecycle/vocabulary-table.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';

import { buildSlice, partsUsed } from './build-slice.js';
import { buildingStatements } from './building-statements.js';
import { compileSlice } from './compile-slice.js';
import { constructingStatements } from './constructed-models.js';
import { derivedModels, usesOtherObject, variablesAssignedBy } from './derived-models.js';
import { restOfDeviceScopes } from './device-parts.js';
import { isDeviceBody } from './flatten-device-scopes.js';
import { isMethodOf, methodCalls } from './method-calls.js';
import { aliasesOf, otherArmBuilds, rebuiltAt } from './other-arms.js';
import { otherNames } from './other-names.js';
import { checkOutsideParts } from './outside-parts.js';
import { type OwnScope, ownScopeOf, scopeAround } from './own-scope.js';
import { functionOrModule, type Wrap, type WrapGroup } from './wrap-group.js';

/** Where the models of the wraps come from. */
interface AnalyzeOptions {
  /** Whether another function builds them. */
  readonly isBuiltElsewhere?: boolean;
  /** Whether the block has to contain the wraps, and not only the statements that build. */
  readonly isAnchored?: boolean;
}

/**
 * Collects everything that has to share the scope of the wraps.
 *
 * @param project - The project.
 * @param module - The file.
 * @param wraps - The wraps of one function.
 * @param options - Where the models come from.
 * @returns A refusal when the code does not show how a model is built or compiled.
 */
export function analyzeWraps(
  project: PythonProject,
  module: PythonModule,
  wraps: readonly Wrap[],
  { isBuiltElsewhere = false, isAnchored = true }: AnalyzeOptions = {},
): WrapGroup | Refusal {
  const scopeStatements = new Set<PyNode>();
  const ownScope = readOwnScope(module, wraps);
  if (isRefusal(ownScope)) return ownScope;
  const models: Variable[] = [];
  const aliases: PyNode[] = [];
  const late: LateCreation[] = [];
  for (const wrap of wraps) {
    const { site, template, parallel } = wrap;
    for (const variable of [template, parallel])
      if (variable !== undefined && !models.some((model) => sameVariable(model, variable))) models.push(variable);
    const building = buildingStatements(project, module, wrap, isBuiltElsewhere);
    if (isRefusal(building)) return building;
    for (const statement of building) scopeStatements.add(statement);
    if (template === undefined || parallel === undefined) continue;
    const own = aliasesOf(module, parallel, template, site.statement);
    aliases.push(...own);
    for (const alias of own)
      for (const statement of [
        ...buildSlice(module, template, alias).statements,
        ...(constructingStatements(project, module, template, alias) ?? []),
      ])
        scopeStatements.add(statement);
  }
  const anchors = new Set([
    ...(isAnchored ? wraps.map(({ site }) => site.statement) : []),
    ...scopeStatements,
    ...aliases,
  ]);
  for (const statement of otherArmBuilds(module, wraps)) {
    anchors.add(statement);
    scopeStatements.add(statement);
    for (const used of partsUsed(module, statement))
      for (const part of buildSlice(module, used.variable, statement).statements) scopeStatements.add(part);
  }
  const functionNode = functionOrModule(module, wraps[0]?.site.statement);
  models.push(...otherNames(module, models, functionNode));
  // A model that the function receives may be compiled before it is wrapped.
  const first = isBuiltElsewhere ? functionNode.start : Math.min(...[...anchors].map((anchor) => anchor.start));
  // Wrapping the same model again gives the same model.
  const sameModel = (parallel: Variable | undefined, template: Variable | undefined): readonly PyNode[] => [
    ...aliases,
    ...wraps
      .filter((other) => isSame(other.parallel, parallel) && isSame(other.template, template))
      .map(({ site }) => site.statement),
  ];
  const ends = wraps.flatMap(({ site, parallel, template }) =>
    [parallel, template].flatMap((variable) =>
      variable === undefined
        ? []
        : [{ variable, end: rebuiltAt(module, variable, site.statement, functionNode, sameModel(parallel, template)) }],
    ),
  );
  const end = Math.min(...ends.map((each) => each.end));
  for (const statement of derivedModels(module, wraps, models, functionNode, first, end)) {
    scopeStatements.add(statement);
    anchors.add(statement);
  }
  const outside = isBuiltElsewhere ? undefined : checkOutsideParts(module, scopeStatements, models);
  if (outside !== undefined) return outside;
  const relatives = variablesAssignedBy(module, scopeStatements, functionNode).filter(
    (variable) => !models.some((model) => sameVariable(model, variable)),
  );
  const compileCalls = methodCalls(module, [...models, ...relatives], functionNode, COMPILES).filter(
    (call) =>
      call.start > first &&
      call.start < (ends.find(({ variable }) => isMethodOf(module, call, variable))?.end ?? end) &&
      functionOrModule(module, call) === functionNode &&
      !usesOtherObject(module, call, relatives, scopeStatements),
  );
  for (const call of compileCalls) {
    const creating = compileSlice(project, module, call);
    anchors.add(statementOf(call));
    scopeStatements.add(statementOf(call));
    if (isRefusal(creating)) return creating;
    late.push(...creating.late);
    for (const statement of creating.statements) {
      scopeStatements.add(statement);
      anchors.add(statement);
    }
  }
  // The branches around a wrap whose model comes from elsewhere belong to it.
  const isBranch = ({ parent }: PyNode): boolean => /^(if|try)_statement$|_clause$/.test(parent?.type ?? '');
  const canMove = (node: PyNode): boolean => isBlock(node) && !(isBuiltElsewhere && isBranch(node));
  const inOtherScope = ownScope === undefined && [...scopeStatements].find((node) => scopeAround(module, node));
  if (inOtherScope) return refusalAt(module, REFUSALS.builtInOtherScope, inOtherScope);
  const block = commonBlock([...anchors], (node) => canMove(node) && !isDeviceBody(module, node));
  if (block === undefined) return REFUSALS.notBuiltInOneBlock;
  for (const statement of restOfDeviceScopes(module, block, scopeStatements)) scopeStatements.add(statement);
  return { wraps, block, scopeStatements, models, relatives, compileCalls, late, aliases, ownScope };
}

function isSame(a: Variable | undefined, b: Variable | undefined): boolean {
  return a !== undefined && b !== undefined && sameVariable(a, b);
}

/** The scope that the program itself enters around the wraps. */
function readOwnScope(module: PythonModule, wraps: readonly Wrap[]): OwnScope | Refusal | undefined {
  const around = new Set(wraps.map(({ site }) => scopeAround(module, site.call)));
  const [statement] = around;
  if (statement === undefined && around.size === 1) return undefined;
  const [first] = wraps;
  const own = first === undefined || around.size > 1 ? undefined : ownScopeOf(module, first.site.call);
  return own ?? REFUSALS.wrappedInScope;
}
