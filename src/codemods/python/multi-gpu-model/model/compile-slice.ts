/** Finds the statements that create what a `compile` call takes: its optimizer and its metrics. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { LateCreation } from './wrap-group.js';

import { callsIn } from '../../analysis/calls.js';
import { assignmentOf, enclosingClass, statementOf } from '../../analysis/statements.js';
import { mentionsOf, reachingDefinitions, type Variable, variableOf } from '../../analysis/variables.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, descendants, type PyNode } from '../../syntax/node.js';
import { lateCreation } from '../uses/late-creation.js';

import { spreadIn, valuesOf } from './compile-arguments.js';
import { createsVariables, isSchedule } from './creates-variables.js';
import { functionOrModule } from './wrap-group.js';

/** What creates the optimizer and the metrics of a `compile` call. */
export interface CompileSlice {
  readonly statements: readonly PyNode[];
  /** What other code creates, and can be created here instead. */
  readonly late: readonly LateCreation[];
}

/**
 * The statements of the same function that create the optimizer and the metrics of a `compile` call, however they reach
 * it: as an argument, in a list, or in a dictionary that `**` passes on. What comes from elsewhere is created here
 * instead, or refused, because it may be created outside the scope.
 */
export function compileSlice(project: PythonProject, module: PythonModule, call: PyNode): CompileSlice | Refusal {
  const statements = new CreatingStatements((variable) => lateCreation(project, module, variable, call));
  for (const optimizer of valuesOf(module, call, 'optimizer')) {
    const refusal = followOptimizer(module, optimizer, call, statements);
    if (refusal !== undefined) return refusal;
  }
  const others = ['metrics', 'weighted_metrics'].flatMap((parameter) => valuesOf(module, call, parameter));
  for (const value of [...others, ...spreadIn(call)]) {
    const created = followHeldAttributes(module, value, call, statements);
    if (created !== undefined) return created;
    for (const name of namesIn(value)) {
      const outside = checkCreatedHere(module, name, call, statements);
      if (outside !== undefined) return outside;
      followName(module, name, call, statements);
    }
  }
  return statements.outside ?? { statements: [...statements.found], late: statements.late };
}

function followOptimizer(
  module: PythonModule,
  optimizer: PyNode,
  call: PyNode,
  statements: CreatingStatements,
): Refusal | undefined {
  if (optimizer.type === 'attribute') {
    const refusal = followAttribute(module, optimizer, call, statements);
    if (refusal !== undefined) return refusal;
  }
  for (const name of namesIn(optimizer)) {
    const refusal = name === optimizer ? checkInFunction(module, name, call, statements) : undefined;
    if (refusal !== undefined) return refusal;
    followName(module, name, call, statements);
  }
  return undefined;
}

/** The names that an expression reads. */
function namesIn(value: PyNode): PyNode[] {
  return [...descendants(value)].filter(
    (node) =>
      node.type === 'identifier' &&
      node.field !== 'attribute' &&
      !(node.field === 'name' && node.parent?.type === 'keyword_argument'),
  );
}

/** Refuses an optimizer that the function neither creates nor gets as text. */
function checkInFunction(
  module: PythonModule,
  name: PyNode,
  call: PyNode,
  statements: CreatingStatements,
): Refusal | undefined {
  const variable = variableOf(module, name);
  if (variable === undefined || isConstant(module, name)) return undefined;
  const { writes, scope } = variable.root;
  if (scope !== module.scopes.functionScopeAt(call)) {
    const isLiteral = writes.every((write) => isText(childByField(write.site, 'right')));
    const site = writes.at(-1)?.site ?? call;
    if (isLiteral || statements.addLate(variable)) return undefined;
    return refusalAt(module, REFUSALS.optimizerOutsideFunction(variable.text), site);
  }
  const isParameter =
    reachingDefinitions(module, variable, call).length === 0 &&
    writes.some((write) => write.kind === 'parameter' && !isText(childByField(write.site, 'value')));
  return isParameter ? REFUSALS.optimizerIsParameter(variable.text) : undefined;
}

/** Whether only imports, definitions and loops bind a name, so that no statement has to move with it. */
function isConstant(module: PythonModule, name: PyNode): boolean {
  const writes = variableOf(module, name)?.root.writes ?? [];
  return writes.every((write) => write.kind === 'import' || write.kind === 'definition' || write.kind === 'for');
}

/** The statements that create objects, and those that were looked at. */
class CreatingStatements {
  readonly found = new Set<PyNode>();
  /** What can be created right before it is used, in the scope. */
  readonly late: LateCreation[] = [];
  /** The refusal of a collection of arguments that holds an object which is created outside the function. */
  outside: Refusal | undefined;
  readonly #visited = new Set<PyNode>();
  readonly #lateCreationOf: (variable: Variable) => LateCreation | undefined;

  constructor(lateCreationOf: (variable: Variable) => LateCreation | undefined) {
    this.#lateCreationOf = lateCreationOf;
  }

  /** Whether a variable of other code can be created here; its first use then counts as a statement that creates. */
  addLate(variable: Variable): boolean {
    const late = this.#lateCreationOf(variable);
    if (late === undefined) return false;
    this.late.push(late);
    this.found.add(late.before);
    return true;
  }

  /** Marks a statement as looked at; returns whether it was new. */
  visit(statement: PyNode): boolean {
    if (this.#visited.has(statement)) return false;
    this.#visited.add(statement);
    return true;
  }
}

/** Refuses metrics and dictionaries of arguments that hold objects which another function creates. */
function checkCreatedHere(
  module: PythonModule,
  name: PyNode,
  call: PyNode,
  statements: CreatingStatements,
): Refusal | undefined {
  const variable = variableOf(module, name);
  if (variable === undefined || isConstant(module, name)) return undefined;
  const { writes, scope } = variable.root;
  const isHere = scope === module.scopes.functionScopeAt(call);
  const values = writes.flatMap(({ kind, site }) => {
    const value = childByField(site, kind === 'parameter' ? 'value' : 'right');
    return value !== undefined && (kind === 'parameter' || !isHere) ? [value] : [];
  });
  const created = values.find((value) => createsVariables(module, value));
  if (created === undefined || statements.addLate(variable)) return undefined;
  return refusalAt(module, REFUSALS.createdOutsideFunction(variable.text), created);
}

/** Adds the statements that create what a name holds, and what a list or dictionary of this name contains. */
function followName(module: PythonModule, name: PyNode, at: PyNode, statements: CreatingStatements): void {
  const variable = variableOf(module, name);
  if (variable === undefined || isConstant(module, name)) return;
  if (variable.root.scope !== module.scopes.functionScopeAt(at)) return;
  for (const definition of reachingDefinitions(module, variable, at)) {
    const right = assignmentOf(definition)?.right;
    if (right === undefined || !statements.visit(definition)) continue;
    if (createsObject(module, right)) statements.found.add(definition);
    followParts(module, right, definition, statements);
  }
  for (const mention of mentionsOf(module, variable, functionOrModule(module, at))) {
    const statement = statementOf(mention);
    if (mention.start >= at.start || !addsTo(module, mention) || !statements.visit(statement)) continue;
    if (createsVariables(module, statement)) statements.found.add(statement);
    followParts(module, statement, statement, statements);
  }
}

/** Follows the names inside a value that hold an optimizer or a metric. */
function followParts(module: PythonModule, value: PyNode, at: PyNode, statements: CreatingStatements): void {
  for (const inner of namesIn(value)) {
    const variable = variableOf(module, inner);
    const isPart =
      variable !== undefined &&
      reachingDefinitions(module, variable, at).some((definition) => {
        const right = assignmentOf(definition)?.right;
        if (right === undefined) return false;
        return (
          (/opt/i.test(variable.text) && createsObject(module, right)) ||
          createsVariables(module, right) ||
          COLLECTIONS.has(right.type)
        );
      });
    if (isPart) followName(module, inner, at, statements);
    const outside = variable === undefined ? undefined : creationOutside(module, inner, variable, at);
    if (variable !== undefined && outside !== undefined && !statements.addLate(variable))
      statements.outside = refusalAt(module, REFUSALS.createdOutsideFunction(variable.text), outside);
  }
}

/** The code outside the function that assigns an optimizer or a metric to a name. */
function creationOutside(module: PythonModule, name: PyNode, { root, text }: Variable, at: PyNode): PyNode | undefined {
  if (root.scope === module.scopes.functionScopeAt(at) || isConstant(module, name)) return undefined;
  return root.writes.find(({ site }) => {
    const right = childByField(site, 'right');
    return (
      right !== undefined && (createsVariables(module, right) || (/opt/i.test(text) && createsObject(module, right)))
    );
  })?.site;
}

const COLLECTIONS: ReadonlySet<string> = new Set(['list', 'tuple', 'dictionary']);

/** `metrics.append(x)`, `extra['optimizer'] = x`, `metrics += [x]`. */
function addsTo(module: PythonModule, mention: PyNode): boolean {
  const { parent } = mention;
  if (parent?.type === 'attribute' && parent.parent?.type === 'call')
    return /^(append|extend|insert|update|setdefault)$/.test(
      module.source.textOf(childByField(parent, 'attribute') ?? parent),
    );
  if (parent?.type === 'subscript') return mention.field === 'value' && parent.field === 'left';
  return parent?.type === 'augmented_assignment' && mention.field === 'left';
}

/** Adds the statements that create what an attribute holds; refuses an attribute that another method creates. */
function followAttribute(
  module: PythonModule,
  attribute: PyNode,
  at: PyNode,
  statements: CreatingStatements,
): Refusal | undefined {
  const variable = variableOf(module, attribute);
  if (variable === undefined) return undefined;
  const local = reachingDefinitions(module, variable, at);
  for (const definition of local) {
    const right = assignmentOf(definition)?.right;
    const refusal = right?.type === 'identifier' ? checkInFunction(module, right, definition, statements) : undefined;
    if (refusal !== undefined) return refusal;
    if (right !== undefined && createsObject(module, right)) statements.found.add(definition);
  }
  const text = module.source.textOf(attribute);
  const owner = local.length === 0 && text.startsWith('self.') ? enclosingClass(at) : undefined;
  if (owner === undefined) return undefined;
  const created = [...descendants(owner)].find((statement) => {
    const assignment = assignmentOf(statement);
    const name = statement.parent?.parent === owner ? text.slice('self.'.length) : text;
    return (
      assignment !== undefined &&
      module.source.textOf(assignment.left) === name &&
      (createsObject(module, assignment.right) || isObjectParameter(module, assignment.right))
    );
  });
  return created === undefined ? undefined : refusalAt(module, REFUSALS.optimizerInOtherMethod(text), created);
}

/** Adds the statements that create the metrics in attributes; refuses metrics that the class creates elsewhere. */
function followHeldAttributes(
  module: PythonModule,
  value: PyNode,
  at: PyNode,
  statements: CreatingStatements,
): Refusal | undefined {
  for (const attribute of descendants(value)) {
    const variable = attribute.type === 'attribute' ? variableOf(module, attribute) : undefined;
    if (variable === undefined) continue;
    const local = reachingDefinitions(module, variable, at);
    for (const definition of local) {
      if (createsVariables(module, definition)) statements.found.add(definition);
      followParts(module, definition, definition, statements);
    }
    const owner = local.length === 0 && /^self\.\w+$/.test(variable.text) ? enclosingClass(at) : undefined;
    const created = owner === undefined ? undefined : attributeCreatedIn(module, owner, variable.text);
    if (created !== undefined) return refusalAt(module, REFUSALS.createdOutsideFunction(variable.text), created);
  }
  return undefined;
}

/** The statement of a class, in its body or in a method, that assigns an object with variables to an attribute. */
function attributeCreatedIn(module: PythonModule, owner: PyNode, text: string): PyNode | undefined {
  return [...descendants(owner)].find((statement) => {
    const assignment = assignmentOf(statement);
    if (assignment === undefined || !createsVariables(module, assignment.right)) return false;
    const name = statement.parent?.parent === owner ? text.slice('self.'.length) : text;
    return module.source.textOf(assignment.left) === name;
  });
}

/** Whether a value is a parameter through which callers, or a default argument, may pass an object. */
function isObjectParameter(module: PythonModule, value: PyNode): boolean {
  const writes = value.type === 'identifier' ? (module.scopes.bindingOf(value)?.writes ?? []) : [];
  return writes.some(({ kind, site }) => kind === 'parameter' && !isText(childByField(site, 'value')));
}

/** Whether an expression creates an object, rather than only converting or looking up plain values. */
export function createsObject(module: PythonModule, value: PyNode): boolean {
  return callsIn(value).some(
    ({ callee }) => !CONVERTS.test(module.source.textOf(callee)) && !isSchedule(module, callee),
  );
}

/** Functions and methods that only convert or look up plain values. */
const CONVERTS = /^(int|float|str|len|dict|list|vars)$|(^|\.)parse_args$|\.(get|split|lower)$/;

function isText(value: PyNode | undefined): boolean {
  return value?.type === 'string' || value?.type === 'none' || value?.type === 'integer' || value?.type === 'float';
}
