/**
 * Finds code that configures devices, threads or eager execution between the place of the strategy and the wrap: it has
 * to run before TensorFlow starts, and the strategy starts it. Such code moves above the strategy, or is refused. Pure.
 */
import type { Refusal } from '../../../refusal.js';
import type { Definition } from '../../analysis/definition.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';

import { callsIn } from '../../analysis/calls.js';
import { isPure } from '../../analysis/purity.js';
import { assignmentOf, ownsItsLines } from '../../analysis/statements.js';
import { reachingDefinitions, variableOf } from '../../analysis/variables.js';
import { definedHere, definitionsOf } from '../../project/follow-name.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, contains, descendants, type PyNode } from '../../syntax/node.js';

/** The functions that a callee may refer to. */
export type FindDefinitions = (callee: PyNode) => readonly Definition[];

/** Raises an error once TensorFlow has started. */
const BEFORE_START =
  /^tensorflow\.(compat\.v[12]\.)?(config\.(experimental\.)?set_(memory_growth|virtual_device_configuration|visible_devices|logical_device_configuration)|config\.threading\.set_\w+|(enable|disable)_(eager_execution|v2_behavior))$/;

/** Functions that call functions are followed so far. */
const MAX_DEPTH = 2;

/** The part of a block between the place of the strategy and the last wrap. */
interface ConfiguredCode {
  /** The statements of the block, in order. */
  readonly statements: readonly PyNode[];
  /** The statement above which the strategy is created. */
  readonly before: PyNode;
  /** The offset at which the last wrap begins. */
  readonly until: number;
  /** Whether a statement has to stay where it is. */
  readonly isFixed: (statement: PyNode) => boolean;
}

/**
 * The statements that have to move above the strategy, because they configure what it starts.
 *
 * @param project - The project.
 * @param module - The file.
 * @param code - Where to look.
 * @returns A refusal when such a statement cannot move.
 */
export function configuringStatements(
  project: PythonProject,
  module: PythonModule,
  { statements, before, until, isFixed }: ConfiguredCode,
): PyNode[] | Refusal {
  const find: FindDefinitions = (callee) => definitionsOf(project, module, callee);
  const moved = new Set<PyNode>();
  for (const statement of statements) {
    if (statement.start < before.start || statement.start >= until) continue;
    const call = configuringCall(module, statement, find);
    if (call === undefined || call.start >= until) continue;
    const canMove =
      !isFixed(statement) && addWithDefinitions(module, statement, { statements, before, isFixed, moved });
    if (!canMove) return configuredLater(module, call);
  }
  return [...moved];
}

/** The first call in a node that configures what a strategy starts, itself or in functions of the project. */
export function configuringCall(module: PythonModule, within: PyNode, find: FindDefinitions): PyNode | undefined {
  const found = callsIn(within).find(
    ({ callee }) => configures(module, callee) || find(callee).some((definition) => bodyConfigures(definition, 0)),
  );
  return found?.call;
}

/** The refusal of a configuration that would run after the strategy. */
export function configuredLater(module: PythonModule, call: PyNode): Refusal {
  const callee = childByField(call, 'function') ?? call;
  return refusalAt(module, REFUSALS.configuredLater(module.source.textOf(callee)), call);
}

function configures(module: PythonModule, callee: PyNode): boolean {
  return module.origins.of(callee).some((origin) => BEFORE_START.test(origin));
}

function bodyConfigures({ module, node }: Definition, depth: number): boolean {
  return (
    node.type === 'function_definition' &&
    callsIn(node).some(
      ({ callee }) =>
        configures(module, callee) ||
        (depth < MAX_DEPTH && definedHere(module, callee).some((inner) => bodyConfigures(inner, depth + 1))),
    )
  );
}

interface Moving extends Pick<ConfiguredCode, 'statements' | 'before' | 'isFixed'> {
  readonly moved: Set<PyNode>;
}

/** Adds a statement and the definitions that it needs; returns false when one of them cannot move. */
function addWithDefinitions(module: PythonModule, statement: PyNode, moving: Moving): boolean {
  const { statements, before, isFixed, moved } = moving;
  if (moved.has(statement)) return true;
  if (isFixed(statement) || !ownsItsLines(module.source, statement) || !statements.includes(statement)) return false;
  moved.add(statement);
  return [...descendants(statement)].every((node) => {
    const variable = node.type === 'identifier' && node.field !== 'attribute' ? variableOf(module, node) : undefined;
    if (variable === undefined) return true;
    const { root } = variable;
    // Functions, classes and imports have to be there already.
    const isLater = root.writes.every(({ kind, site }) => kind !== 'assignment' && site.start >= before.start);
    if (isLater && root.writes.every(({ site }) => !contains(statement, site))) return false;
    return reachingDefinitions(module, variable, statement).every((definition) => {
      if (definition.end <= before.start || contains(statement, definition)) return true;
      const value = assignmentOf(definition)?.right;
      const isHarmless = value !== undefined && (isPure(module, value) || asksForDevices(module, value));
      return isHarmless && addWithDefinitions(module, definition, moving);
    });
  });
}

/** `tf.config.list_physical_devices('GPU')` starts nothing. */
function asksForDevices(module: PythonModule, value: PyNode): boolean {
  const callee = value.type === 'call' ? childByField(value, 'function') : undefined;
  return (
    callee !== undefined &&
    module.origins.of(callee).some((origin) => /\.config\.(experimental\.)?list_physical_devices$/.test(origin))
  );
}
