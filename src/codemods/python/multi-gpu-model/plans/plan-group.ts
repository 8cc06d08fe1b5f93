/** Plans the edits for the wraps of one function: strategy, scopes, branches, names. */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { GroupEnvironment, GroupMember } from '../model/wrap-group.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { isPure } from '../../analysis/purity.js';
import { assignmentOf, blockOf, branchesOf, ownsItsLines, statementsOf } from '../../analysis/statements.js';
import { assigns, mentionsOf, type Variable, variableOf } from '../../analysis/variables.js';
import { LineEditor } from '../../edit/line-editor.js';
import { childByField, closest, contains, descendants, type PyNode } from '../../syntax/node.js';
import { replaceLibraryCallback } from '../callbacks/library-callbacks.js';
import { checkDeviceScopes } from '../checks/device-scopes.js';
import { checkModelUses } from '../checks/model-uses.js';
import { checkVisibleDevices } from '../checks/visible-devices.js';
import { deviceOf, type FlatStatement, flatten } from '../model/flatten.js';
import { analyseGroup, functionBody, type GroupAnalysis } from '../model/group-analysis.js';
import { trains } from '../model/model-slice.js';
import { Refusal } from '../refusal.js';
import { strategyName, tensorFlowName } from '../strategy/names.js';
import { assignmentLines, strategyExpression } from '../strategy/strategy-expression.js';
import { type Unification, unify } from '../write/merge-names.js';
import { placeReturnedCompiles } from '../write/place-compiles.js';
import { firstLineOf, type Placement, placeScopes } from '../write/place-scopes.js';
import { type Arm, type TidiedBranch, tidyIf } from '../write/tidy-if.js';
import { tidyTry } from '../write/tidy-try.js';

/** The edits of one group and what it needs. */
export interface GroupPlan {
  readonly edits: readonly TextEdit[];
  readonly needsTensorFlow: boolean;
  /** From the first statement that builds to the last that compiles, when the group has a strategy. */
  readonly range?: { readonly start: number; readonly end: number };
  /** The name of the strategy; undefined when none is needed. */
  readonly strategy: string | undefined;
  /** Weights that were saved in the layout of the wrapped model are read or written here. */
  readonly weightFiles: readonly PyNode[];
}

/** @throws Refusal */
export function planGroup(
  module: PythonModule,
  members: readonly GroupMember[],
  environment: GroupEnvironment,
): GroupPlan {
  const { builtByCallers, inCallersScope } = environment;
  const makesStrategy = !builtByCallers && !inCallersScope;
  const analysis = analyseGroup(module, members, builtByCallers);
  const body = functionBody(module, members[0]?.site.statement);
  const unifications = members.map((member) => unify(analysis, member));
  const uses = checkModelUses(module, analysis, body, (call) => {
    const [only, ...others] = unifications;
    const model = only === undefined || others.length > 0 ? undefined : survivor(only);
    const callee = childByField(call, 'function');
    if (model === undefined || callee === undefined) return undefined;
    return replaceLibraryCallback(
      module,
      call,
      environment.originsOf(callee),
      model,
      tensorFlowName(module, call).name,
    );
  });
  const editor = new LineEditor(module.source);
  const gone = new Set<PyNode>(environment.vanishing);
  for (const unification of unifications) replaceWrap(module, editor, unification, gone, analysis);
  for (const edit of uses.edits) editor.replace(edit.start, edit.end, edit.text);
  renameAll(module, editor, unifications);

  const dissolves = (statement: PyNode): boolean =>
    [...analysis.inside].some((node) => contains(statement, node)) ||
    members.some(({ site }) => contains(statement, site.statement));
  for (const statement of environment.vanishing)
    if (contains(analysis.block, statement) && isOutermostInside(module, statement, environment.vanishing))
      editor.deleteStatement(statement);
  const dropped = new Set<PyNode>(gone);
  const original = flatten(module, analysis.block, dissolves);
  checkDeviceScopes(module, analysis, dissolves);
  dissolveDevices(module, editor, analysis.block, dissolves);
  const inside = (statement: PyNode): boolean =>
    [...analysis.inside].some((node) => !dropped.has(node) && !released.has(node) && contains(statement, node)) ||
    released.has(statement);
  const released = new Set<PyNode>();
  const firstIndex = original.findIndex(({ node }) => [...analysis.inside].some((member) => contains(node, member)));
  const first = original[firstIndex] ?? (builtByCallers ? original[0] : undefined);
  if (first === undefined) throw new Refusal(RefusalReason.ModelNotInView, 'no statement builds the model here');

  const tensorflow = tensorFlowName(module, first.node);
  const strategy = strategyName(module, environment.taken);
  const expression = !makesStrategy
    ? undefined
    : strategyExpression(
        module,
        tensorflow.name,
        members.map(({ site }) => site),
        analysis.block,
        first.node,
      );
  if (expression !== undefined)
    checkVisibleDevices(
      module,
      analysis.block,
      first.node.start,
      Math.max(...members.map(({ site }) => site.statement.start)),
      expression.condition,
    );
  const normalise = (statement: FlatStatement): string =>
    aliasText(statement.node, unifications) ?? normalisedText(module, statement.node, unifications);
  const arranged = original.flatMap((statement): FlatStatement[] => {
    const { node } = statement;
    if (gone.has(node)) return [];
    if (
      !members.some(({ site }) => contains(node, site.statement)) ||
      node === members.find(({ site }) => site.statement === node)?.site.statement
    )
      return [statement];
    for (const site of members.map((member) => member.site))
      tidyInnerBranches(module, editor, site.statement, node, gone);
    if (node.type === 'try_statement') return tidyTry(module, editor, node, gone, strategy) ? [] : [statement];
    if (node.type !== 'if_statement') return [statement];
    const concerns = ({ node: part }: FlatStatement): boolean =>
      [...analysis.inside].some((member) => contains(part, member));
    const result = tidyBranch(module, editor, statement, gone, dissolves, normalise, concerns, dropped);
    for (const free of [...result.before, ...result.released]) {
      for (const member of analysis.inside) if (contains(free.node, member)) released.add(free.node);
    }
    return [...result.before, ...(result.removed ? [] : [{ node, devices: statement.devices }]), ...result.released];
  });

  const line = firstLineOf(module, first);
  if (expression !== undefined) {
    for (const statement of expression.moved) moveUp(module, editor, statement, line);
    for (const text of assignmentLines(module.source, line, strategy, expression)) editor.insertBefore(line, text);
  }
  const placement: Placement = {
    inside,
    outside: (statement) =>
      trains(module, analysis.models, statement) ||
      (!inside(statement) && trains(module, analysis.relatives, statement)),
    concerns: (statement) =>
      members.some(({ site }) => contains(statement, site.statement)) ||
      analysis.aliases.some((alias) => contains(statement, alias)),
    dissolves,
    scope: builtByCallers
      ? `${members[0]?.template?.text ?? strategy}.distribute_strategy.scope()`
      : `${strategy}.scope()`,
  };
  if (!inCallersScope) placeScopes(module, editor, arranged, placement);
  const remote = placeReturnedCompiles(module, analysis, editor, environment);
  return {
    edits: editor.edits(),
    needsTensorFlow: makesStrategy && tensorflow.missing,
    strategy: makesStrategy ? strategy : undefined,
    range: {
      start: Math.min(...[...analysis.inside].map(({ start }) => start)),
      end: Math.max(...[...analysis.inside, ...members.map(({ site }) => site.statement)].map(({ end }) => end)),
    },
    weightFiles: [...uses.weightFiles, ...remote],
  };
}

/** The one name of the model, if it keeps that model from the wrap on. */
function survivor({ member, to }: Unification): Variable | undefined {
  const variable = to ?? member.parallel;
  const { statement } = member.site;
  const stays =
    variable !== undefined &&
    !variable.text.includes('.') &&
    variable.root.writes.every((write) => write.name.start < statement.end);
  return stays ? variable : undefined;
}

/** Statements of the module itself are left to the edits of the imports. */
function isOutermostInside(module: PythonModule, statement: PyNode, vanishing: ReadonlySet<PyNode>): boolean {
  return (
    statement.parent !== module.source.root && closest(statement.parent, (node) => vanishing.has(node)) === undefined
  );
}

/** Takes the wrap itself away. */
function replaceWrap(
  module: PythonModule,
  editor: LineEditor,
  unification: Unification,
  gone: Set<PyNode>,
  analysis: GroupAnalysis,
): void {
  const { source } = module;
  const { site } = unification.member;
  const template = source.textOf(site.model);
  const whole = site.conditional?.expression ?? site.call;
  const vanishes = unification.kind === 'same' || unification.kind === 'rename' || site.form === 'discarded';
  if (vanishes) {
    editor.deleteStatement(site.statement);
    gone.add(site.statement);
    for (const alias of analysis.aliases) {
      const assignment = assignmentOf(alias);
      if (
        unification.kind === 'rename' &&
        assignment !== undefined &&
        source.textOf(assignment.left) === unification.member.parallel?.text
      ) {
        if (!gone.has(alias)) editor.deleteStatement(alias);
        gone.add(alias);
      }
    }
  } else {
    editor.replace(whole.start, whole.end, template);
  }
}

function renameAll(module: PythonModule, editor: LineEditor, unifications: readonly Unification[]): void {
  for (const { kind, from, to } of unifications) {
    if (kind !== 'rename' || from === undefined || to === undefined) continue;
    for (const node of new Set([...from.root.reads, ...from.root.writes.map((write) => write.name)])) {
      editor.replace(node.start, node.end, to.text);
      realignArguments(module, editor, node, to.text.length - from.text.length);
    }
  }
}

/** Arguments on further lines, aligned with the opening bracket of a call, move with it. */
function realignArguments(module: PythonModule, editor: LineEditor, renamed: PyNode, columns: number): void {
  const { source } = module;
  const list = closest(renamed, (node) => node.type === 'call')?.children.find(
    (child) => child.type === 'argument_list',
  );
  const line = source.lineAt(renamed.start);
  if (list === undefined || list.start < renamed.end || source.lineAt(list.start) !== line) return;
  const column = list.start + 1 - source.lineStart(line);
  for (let next = line + 1; next <= source.lineAt(list.end); next++) {
    const indentation = source.indentation(next);
    if (indentation.length >= column && !indentation.includes('\t')) editor.realign(next, columns);
  }
}

/** Takes the device scopes away in which a model was built. */
export function dissolveDevices(
  module: PythonModule,
  editor: LineEditor,
  block: PyNode,
  dissolves: (statement: PyNode) => boolean,
): void {
  const visit = (node: PyNode): void => {
    if (node.type === 'with_statement' && deviceOf(module, node) !== undefined && dissolves(node))
      removeDevice(module, editor, node);
    for (const child of node.children) visit(child);
  };
  visit(block);
}

function removeDevice(module: PythonModule, editor: LineEditor, statement: PyNode): void {
  const { source } = module;
  const body = childByField(statement, 'body');
  const header = source.lineAt(statement.start);
  if (body === undefined || source.lineAt(body.start) === header)
    throw new Refusal(RefusalReason.SharedLine, 'a device scope shares its line with its body');
  const width = source.indentation(source.lineAt(body.start)).length - source.indentation(header).length;
  editor.deleteLines(
    header,
    source.lineAt(statement.children.find((child) => child.type === ':')?.start ?? statement.start),
  );
  for (let line = header + 1; line <= source.lineAt(body.end); line++) {
    editor.dedent(
      line,
      line,
      Math.min(width, Math.max(0, source.indentation(line).length - source.indentation(header).length)),
    );
  }
}

function tidyBranch(
  module: PythonModule,
  editor: LineEditor,
  statement: FlatStatement,
  gone: ReadonlySet<PyNode>,
  dissolves: (statement: PyNode) => boolean,
  normalise: (statement: FlatStatement) => string,
  concerns: (statement: FlatStatement) => boolean,
  dropped: Set<PyNode>,
): TidiedBranch {
  const branches = branchesOf(statement.node);
  const arms: Arm[] = branches.map(({ clause, block }) => ({
    clause,
    block,
    kept: flatten(module, block, dissolves).filter(({ node }) => !gone.has(node) && node.type !== 'pass_statement'),
  }));
  const [first, second] = arms;
  const plain = branches.every((branch, index) => branch.condition !== undefined || index === branches.length - 1);
  if (
    first === undefined ||
    arms.length > 2 ||
    !plain ||
    (second !== undefined && branches[1]?.condition !== undefined)
  ) {
    for (const arm of arms) if (arm.kept.length === 0) keepBlock(module, editor, arm.block);
    return { removed: false, before: [], released: [], dropped: [] };
  }
  if (arms.some((arm) => arm.kept.some(({ node }) => !ownsItsLines(module.source, node)))) {
    throw new Refusal(RefusalReason.SharedLine, 'a branch shares its line with its body');
  }
  const result = tidyIf(
    module,
    editor,
    statement.node,
    second === undefined ? [first] : [first, second],
    normalise,
    (free) => mayPrecede(module, statement.node, free.node),
    concerns,
  );
  for (const twin of result.dropped) for (const inner of statementsIn(twin.node)) dropped.add(inner);
  const free = (flat: FlatStatement): FlatStatement => ({ ...flat, devices: [] });
  return { ...result, before: result.before.map(free), released: result.released.map(free) };
}

/** Branches between the wrap and the outermost one: an arm that lost everything goes, or keeps a `pass`. */
function tidyInnerBranches(
  module: PythonModule,
  editor: LineEditor,
  wrap: PyNode,
  outermost: PyNode,
  gone: Set<PyNode>,
): void {
  if (!contains(outermost, wrap)) return;
  for (
    let node = blockOf(wrap).parent;
    node !== undefined && node !== outermost && contains(outermost, node);
    node = node.parent
  ) {
    if (node.type !== 'if_statement' || gone.has(node)) continue;
    const arms = branchesOf(node).map(({ block }) => ({
      block,
      left: statementsOf(block).filter((statement) => !gone.has(statement)),
    }));
    if (arms.every(({ left }) => left.length === 0)) {
      editor.deleteStatement(node);
      gone.add(node);
    } else {
      for (const { block, left } of arms) if (left.length === 0) keepBlock(module, editor, block);
    }
  }
}

function* statementsIn(node: PyNode): Generator<PyNode> {
  yield node;
  for (const child of node.children) yield* statementsIn(child);
}

/** Whether a statement may run before a condition: it must not change what the condition reads. */
function mayPrecede(module: PythonModule, branch: PyNode, statement: PyNode): boolean {
  const condition = childByField(branch, 'condition');
  if (condition === undefined || !isPure(module, condition)) return false;
  return [...descendants(condition)].every((node) => {
    const variable = node.type === 'identifier' ? variableOf(module, node) : undefined;
    return variable === undefined || !assigns(module, variable, statement);
  });
}

/** A block that loses all its statements keeps a `pass`. */
function keepBlock(module: PythonModule, editor: LineEditor, block: PyNode): void {
  const [first] = statementsOf(block);
  if (first === undefined || first.type === 'pass_statement') return;
  editor.insertAbove(module.source.lineAt(first.start), 'pass');
}

/** What a wrap reads like when both names stay. */
function aliasText(node: PyNode, unifications: readonly Unification[]): string | undefined {
  const alias = unifications.find(({ kind, member }) => kind === 'alias' && member.site.statement === node)?.member;
  return alias?.parallel === undefined || alias.template === undefined
    ? undefined
    : `${alias.parallel.text} = ${alias.template.text}`.replaceAll('.', ' . ');
}

function normalisedText(module: PythonModule, node: PyNode, unifications: readonly Unification[]): string {
  const { source } = module;
  const replacements: { start: number; end: number; text: string }[] = [];
  for (const { kind, from, to } of unifications) {
    if (kind !== 'rename' || from === undefined || to === undefined) continue;
    for (const mention of mentionsOf(module, from, node))
      replacements.push({ start: mention.start, end: mention.end, text: to.text });
  }
  const tokens: string[] = [];
  for (const token of descendants(node)) {
    if (token.children.length > 0 || token.type === 'comment') continue;
    tokens.push(
      replacements.find(({ start, end }) => start === token.start && end === token.end)?.text ?? source.textOf(token),
    );
  }
  return tokens.join(' ');
}

function moveUp(module: PythonModule, editor: LineEditor, statement: PyNode, line: number): void {
  const { source } = module;
  if (!ownsItsLines(source, statement))
    throw new Refusal(RefusalReason.SharedLine, 'several statements share a line here');
  const from = source.lineAt(statement.start);
  const to = source.lineAt(statement.end);
  for (let current = from; current <= to; current++)
    editor.insertBefore(
      line,
      source.lineText(current).trim() === '' ? '' : source.lineText(current).slice(source.indentation(from).length),
    );
  editor.deleteLines(from, to);
}
