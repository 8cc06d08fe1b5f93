/** Plans the edits for the wraps of one function: strategy, scopes, branches, names. */
import { type TextEdit } from '../../result.js';
import { RefusalReason } from '../../refusal-reason.js';
import { type PythonModule } from '../analysis/module.js';
import { assignmentOf, branchesOf, ownsItsLines, statementOf, statementsOf } from '../analysis/statements.js';
import { mentionsOf } from '../analysis/variables.js';
import { LineEditor } from '../edit/line-editor.js';
import { type PyNode, childByField, closest, contains } from '../syntax/node.js';
import { type Arm, tidyIf } from './branches.js';
import { checkModelUses } from './model-uses.js';
import { type FlatStatement, deviceOf, flatten } from './flatten.js';
import { type GroupAnalysis, analyseGroup, functionBody } from './group-analysis.js';
import { type GroupMember } from './group.js';
import { trains } from './model-slice.js';
import { tensorFlowName, strategyName } from './names.js';
import { Refusal } from './refusal.js';
import { placeReturnedCompiles } from './remote-compile.js';
import { type Placement, firstLineOf, placeScopes } from './segments.js';
import { strategyExpression } from './strategy-expression.js';
import { tidyTry } from './try-fallback.js';
import { type Unification, unify } from './unify.js';

/** What a group needs from the file around it. */
export interface GroupEnvironment {
  /** Import statements that will be gone, so that a block of nothing else counts as empty. */
  readonly vanishing: ReadonlySet<PyNode>;
  /** Strategy names that other groups of the same scope took. */
  readonly taken: ReadonlySet<string>;
}

/** The edits of one group and what it needs. */
export interface GroupPlan {
  readonly edits: readonly TextEdit[];
  readonly needsTensorFlow: boolean;
  readonly strategy: string;
  /** Weights that were saved in the layout of the wrapped model are read or written here. */
  readonly weightFiles: readonly PyNode[];
}

/** @throws Refusal */
export function planGroup(module: PythonModule, members: readonly GroupMember[], environment: GroupEnvironment): GroupPlan {
  const analysis = analyseGroup(module, members);
  const body = functionBody(module, members[0]?.site.statement);
  const unifications = members.map((member) => unify(module, analysis, member));
  const uses = checkModelUses(module, analysis, body);
  const editor = new LineEditor(module.source);
  const gone = new Set<PyNode>(environment.vanishing);
  for (const unification of unifications) replaceWrap(module, editor, unification, gone, analysis);
  for (const edit of uses.edits) editor.replace(edit.start, edit.end, edit.text);
  renameAll(module, editor, unifications);

  const dissolves = (statement: PyNode): boolean =>
    [...analysis.inside].some((node) => contains(statement, node)) || members.some(({ site }) => contains(statement, site.statement));
  const dropped = new Set<PyNode>(gone);
  const original = flatten(module, analysis.block, dissolves);
  dissolveDevices(module, editor, analysis.block, dissolves);
  const inside = (statement: PyNode): boolean =>
    [...analysis.inside].some((node) => !dropped.has(node) && !released.has(node) && contains(statement, node)) || released.has(statement);
  const released = new Set<PyNode>();
  const firstIndex = original.findIndex(({ node }) => [...analysis.inside].some((member) => contains(node, member)));
  const first = original[firstIndex];
  if (first === undefined) throw new Refusal(RefusalReason.ModelNotInView, 'no statement builds the model here');

  const tensorflow = tensorFlowName(module, first.node);
  const strategy = strategyName(module, environment.taken);
  const expression = strategyExpression(module, tensorflow.name, members.map(({ site }) => site), analysis.block, first.node);
  const normalise = (statement: FlatStatement): string => normalisedText(module, statement.node, unifications);
  const arranged = original.flatMap((statement): FlatStatement[] => {
    const { node } = statement;
    if (gone.has(node)) return [];
    if (!members.some(({ site }) => contains(node, site.statement)) || node === members.find(({ site }) => site.statement === node)?.site.statement) return [statement];
    if (node.type === 'try_statement') return tidyTry(module, editor, node, gone, strategy) ? [] : [statement];
    if (node.type !== 'if_statement') return [statement];
    const result = tidyBranch(module, editor, statement, gone, dissolves, normalise, dropped);
    for (const free of result.released) {
      for (const member of analysis.inside) if (contains(free.node, member)) released.add(free.node);
    }
    return [...(result.removed ? [] : [statement]), ...result.released];
  });

  const line = firstLineOf(module, editor, first);
  for (const statement of expression.moved) moveUp(module, editor, statement, line);
  for (const text of [`${strategy} = ${expression.text}`]) editor.insertBefore(line, text);
  const placement: Placement = {
    inside,
    outside: (statement) => trains(module, analysis.models, statement),
    dissolves,
    scope: `${strategy}.scope()`,
  };
  placeScopes(module, editor, arranged, placement);
  const remote = placeReturnedCompiles(module, analysis, editor);
  return {
    edits: editor.edits(),
    needsTensorFlow: tensorflow.missing,
    strategy,
    weightFiles: [...uses.weightFiles, ...remote],
  };
}

/** Takes the wrap itself away. */
function replaceWrap(module: PythonModule, editor: LineEditor, unification: Unification, gone: Set<PyNode>, analysis: GroupAnalysis): void {
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
      if (unification.kind === 'rename' && assignment !== undefined && source.textOf(assignment.left) === unification.member.parallel?.text) {
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
      editor.replace(node.start, node.end, keepsKeyword(node) ? to.text : to.text);
    }
  }
  function keepsKeyword(node: PyNode): boolean {
    return node.field === 'value' && node.parent?.type === 'keyword_argument' && module.source.textOf(node) !== '';
  }
}

function dissolveDevices(module: PythonModule, editor: LineEditor, block: PyNode, dissolves: (statement: PyNode) => boolean): void {
  const visit = (node: PyNode): void => {
    if (node.type === 'with_statement' && deviceOf(module, node) !== undefined && dissolves(node)) removeDevice(module, editor, node);
    for (const child of node.children) visit(child);
  };
  visit(block);
}

function removeDevice(module: PythonModule, editor: LineEditor, statement: PyNode): void {
  const { source } = module;
  const body = childByField(statement, 'body');
  const header = source.lineAt(statement.start);
  if (body === undefined || source.lineAt(body.start) === header) throw new Refusal(RefusalReason.SharedLine, 'a device scope shares its line with its body');
  const width = source.indentation(source.lineAt(body.start)).length - source.indentation(header).length;
  editor.deleteLines(header, source.lineAt(statement.children.find((child) => child.type === ':')?.start ?? statement.start));
  for (let line = header + 1; line <= source.lineAt(body.end); line++) {
    editor.dedent(line, line, Math.min(width, Math.max(0, source.indentation(line).length - source.indentation(header).length)));
  }
}

function tidyBranch(
  module: PythonModule,
  editor: LineEditor,
  statement: FlatStatement,
  gone: ReadonlySet<PyNode>,
  dissolves: (statement: PyNode) => boolean,
  normalise: (statement: FlatStatement) => string,
  dropped: Set<PyNode>,
): { removed: boolean; released: readonly FlatStatement[] } {
  const branches = branchesOf(statement.node);
  const arms: Arm[] = branches.map(({ clause, block }) => ({
    clause,
    block,
    kept: flatten(module, block, dissolves).filter(({ node }) => !gone.has(node) && node.type !== 'pass_statement'),
  }));
  const [first, second] = arms;
  const plain = branches.every((branch, index) => branch.condition !== undefined || index === branches.length - 1);
  if (first === undefined || arms.length > 2 || !plain || (second !== undefined && branches[1]?.condition !== undefined)) {
    for (const arm of arms) if (arm.kept.length === 0) keepBlock(module, editor, arm.block);
    return { removed: false, released: [] };
  }
  if (arms.some((arm) => arm.kept.some(({ node }) => !ownsItsLines(module.source, node)))) {
    throw new Refusal(RefusalReason.SharedLine, 'a branch shares its line with its body');
  }
  const result = tidyIf(module, editor, statement.node, second === undefined ? [first] : [first, second], normalise);
  for (const { node } of first.kept.slice(first.kept.length - result.released.length)) dropped.add(node);
  for (const { node } of [...dropped]) void node;
  if (result.released.length > 0) for (const kept of first.kept.slice(first.kept.length - result.released.length)) for (const inner of statementsIn(kept.node)) dropped.add(inner);
  return { removed: result.removed, released: result.released.map((free) => ({ ...free, devices: [] })) };
}

function* statementsIn(node: PyNode): Generator<PyNode> {
  yield node;
  for (const child of node.children) yield* statementsIn(child);
}

/** A block that loses all its statements keeps a `pass`. */
function keepBlock(module: PythonModule, editor: LineEditor, block: PyNode): void {
  const [first] = statementsOf(block);
  if (first === undefined || first.type === 'pass_statement') return;
  editor.insertBefore(module.source.lineAt(first.start), 'pass');
}

function normalisedText(module: PythonModule, node: PyNode, unifications: readonly Unification[]): string {
  const { source } = module;
  const replacements: { start: number; end: number; text: string }[] = [];
  for (const { kind, from, to } of unifications) {
    if (kind !== 'rename' || from === undefined || to === undefined) continue;
    for (const mention of mentionsOf(module, from, node)) replacements.push({ start: mention.start, end: mention.end, text: to.text });
  }
  let text = source.textOf(node);
  for (const { start, end, text: replacement } of replacements.sort((a, b) => b.start - a.start)) {
    text = text.slice(0, start - node.start) + replacement + text.slice(end - node.start);
  }
  return text.split('\n').filter((line) => !/^\s*#/.test(line)).map((line) => line.trim()).filter((line) => line !== '').join('\n');
}

function moveUp(module: PythonModule, editor: LineEditor, statement: PyNode, line: number): void {
  const { source } = module;
  if (!ownsItsLines(source, statement)) throw new Refusal(RefusalReason.SharedLine, 'several statements share a line here');
  const from = source.lineAt(statement.start);
  const to = source.lineAt(statement.end);
  for (let current = from; current <= to; current++) editor.insertBefore(line, source.lineText(current).trim() === '' ? '' : source.lineText(current).slice(source.indentation(from).length));
  editor.deleteLines(from, to);
}

/** The `if` statement around a node within a block, for callers that need the branch itself. */
export function branchAround(node: PyNode, block: PyNode): PyNode | undefined {
  return closest(statementOf(node).parent, (candidate) => candidate === block || candidate.type === 'if_statement');
}
