/** Puts the statements of one block that belong to a model into a scope, and creates its strategy. Collects edits. */
import type { Choice } from '../../../lifecycle/choice.js';
import type { PythonModule } from '../../analysis/module.js';
import type { Variable } from '../../analysis/variables.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { LateCreation } from '../model/wrap-group.js';
import type { TensorFlowName } from '../strategy/names.js';

import { isRefusal, type Refusal } from '../../../refusal.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { contains, type PyNode } from '../../syntax/node.js';
import { type FlatStatement, flattenDeviceScopes } from '../model/flatten-device-scopes.js';
import { trains } from '../model/method-calls.js';
import { tensorFlowName } from '../strategy/names.js';
import { assignmentLines } from '../strategy/strategy-choice.js';

import { firstLineOf, lineOfComments, placeScopes } from './place-scopes.js';
import { removeDeviceScopes } from './remove-device-scopes.js';

/** Statements of one block that have to run inside one scope. */
export interface ScopeFrame {
  readonly block: PyNode;
  /** The statements, or parts of them, that have to run inside. */
  readonly inside: Iterable<PyNode>;
  /** The models whose training has to stay outside. */
  readonly models: readonly Variable[];
  /** Whether a statement has to stay outside for another reason. */
  readonly isOutside?: (statement: PyNode) => boolean;
  /** Whether device scopes around the statements are removed. */
  readonly removesDevices?: boolean;
  /** What is created inside instead of elsewhere. */
  readonly late?: readonly LateCreation[];
  /** The text that enters the scope, e.g. `strategy.scope()`. */
  readonly scope: string;
}

/** Puts the statements into the scope. */
export function enterFrame(module: PythonModule, editor: LineEditor, frame: ScopeFrame): Refusal | undefined {
  const inside = [...frame.inside];
  const isInside = (statement: PyNode): boolean => inside.some((node) => contains(statement, node));
  const removesDevice = (statement: PyNode): boolean => frame.removesDevices === true && isInside(statement);
  const refusal =
    removeDeviceScopes(module, editor, frame.block, removesDevice) ??
    placeScopes(module, editor, flattenDeviceScopes(module, frame.block, removesDevice), {
      mustBeInside: isInside,
      mustBeOutside: (statement) => trains(module, frame.models, statement) || frame.isOutside?.(statement) === true,
      isAboutModel: () => false,
      removesDevice,
      scope: frame.scope,
    });
  if (refusal === undefined) createLate(module, editor, frame.late ?? []);
  return refusal;
}

/** Moves statements that create an object above the first statements that use it, with their indentation. */
export function createLate(module: PythonModule, editor: LineEditor, late: readonly LateCreation[]): void {
  const { source } = module;
  for (const { statement, before } of late) {
    const [from, to] = [source.lineAt(statement.start), source.lineAt(statement.end)];
    if (editor.isDeleted(from)) continue;
    const above = lineOfComments(module, source.lineAt(before.start));
    for (let line = from; line <= to; line++)
      editor.insertAbove(above, source.lineText(line).trimEnd().slice(source.indentation(from).length));
    editor.deleteLines(from, to);
  }
}

/** Where a frame begins, and under which name TensorFlow is known there. */
export interface FrameStart {
  readonly first: FlatStatement;
  readonly tensorflow: TensorFlowName;
}

/** The first statement of a frame, above which its strategy is created. */
export function startOfFrame(
  module: PythonModule,
  { block, inside, removesDevices }: Pick<ScopeFrame, 'block' | 'inside' | 'removesDevices'>,
): FrameStart | Refusal {
  const all = [...inside];
  const isInside = (statement: PyNode): boolean => all.some((node) => contains(statement, node));
  const statements = flattenDeviceScopes(module, block, (statement) => removesDevices === true && isInside(statement));
  const first = statements.find(({ node }) => isInside(node));
  if (first === undefined) return REFUSALS.noBuildingStatement;
  const tensorflow = tensorFlowName(module, first.node);
  return isRefusal(tensorflow) ? tensorflow : { first, tensorflow };
}

/** Creates the strategy of a frame. */
export function createStrategy(
  module: PythonModule,
  editor: LineEditor,
  { first, tensorflow }: FrameStart,
  name: string,
  choice: Choice,
): void {
  const line = firstLineOf(module, first);
  if (tensorflow.importLine !== undefined) editor.insertBefore(line, tensorflow.importLine);
  for (const text of assignmentLines(module.source, line, name, choice, tensorflow.name))
    editor.insertBefore(line, text);
}
