/** Writes the edits of all accepted wraps of a file as one change. Pure. */
import type { StrategyTarget } from '../../../options.js';
import type { TextEdit } from '../../../result.js';
import type { Origins } from '../../origins/origin.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Wrap } from '../assess/assess-wrap.js';
import type { PlannedGroup } from '../plan/overlapping-groups.js';
import type { WrapRemoval } from '../plan/remove-wraps.js';
import type { WrapGroup } from '../plan/wrap-groups.js';
import type { TextRange } from './text-layout.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { indentAt } from '../../../edits/newlines.js';
import { isInside, type Node } from '../../syntax/syntax-tree.js';
import { usesOf } from '../analyze/access-path.js';
import { pathsOfModel } from '../assess/assess-wrap.js';
import { strategyText } from '../assess/strategy-plan.js';
import { outermostOf } from '../plan/removed-code.js';
import { STRATEGY_CLASSES } from '../strategy-creation.js';

import { type CodeStyle, codeStyleOf } from './code-style.js';
import { fallbackText } from './fallback-text.js';
import { identifiersOf, StrategyNames } from './free-names.js';
import { type LocalNames, type RuntimeName, runtimeNamesIn, withLocalNames } from './imports/new-import.js';
import { swapImports } from './imports/swap-imports.js';
import { withoutNested } from './nested-edits.js';
import { commentsIn } from './removed-comments.js';
import { isInSegment, ScopeWriter } from './scope-writer.js';
import { lineStartAt, removalRange, startWithComments } from './text-layout.js';

export interface PlanToWrite {
  readonly source: JavaScriptSource;
  readonly origins: Origins;
  readonly wraps: readonly Wrap[];
  readonly groups: readonly PlannedGroup[];
  readonly removal: WrapRemoval;
  readonly strategy: StrategyTarget;
}

/** Writes the whole plan. */
export function writePlan(plan: PlanToWrite): TextEdit[] {
  const { source, origins, wraps, groups, removal } = plan;
  const moved = groups.flatMap(({ group: { strategy } }): Node[] => [
    ...strategy.hoisted,
    ...(strategy.fallback === undefined ? [] : [strategy.fallback]),
  ]);
  const usedNames = identifiersOf(source);
  const imports = swapImports({
    source,
    origins,
    wrapCalls: wraps.map(({ wrapCall }) => wrapCall),
    isRemoved: removal.isRemoved,
    needs: neededNames(plan),
    usedNames,
  });
  const removals = new Map(
    outermostOf(new Set([...removal.statements, ...moved])).map((node) => [node, removalRange(source, node)]),
  );
  const removedRanges = [...removals.values()];
  const comments = commentsIn(
    [...removedRanges, ...removal.edits.filter(({ start, end }) => end > start)],
    moved.flatMap((node) => removals.get(node) ?? []),
    source,
  );
  const writer = new PlanWriter(plan, usedNames, imports.localNames, comments);
  for (const planned of groups) writer.writeGroup(planned);
  for (const wrap of wraps) writer.writeArgumentScopes(wrap);
  const editsInKeptCode = removal.edits.filter(
    (edit) => !removedRanges.some(({ start, end }) => start <= edit.start && edit.end <= end),
  );
  const deletions = removedRanges.map(({ start, end }) => ({ start, end, text: '' }));
  return withoutNested([...writer.edits, ...editsInKeptCode, ...deletions, ...imports.edits], source.text);
}

/** The exports of the runtime that the new code uses. */
function neededNames({ wraps, groups }: PlanToWrite): RuntimeName[] {
  const texts = [
    ...groups.map(({ group }) => group.text + (group.strategy.fallback === undefined ? '' : ' getStrategy()')),
    ...wraps.flatMap(({ scopes }) =>
      scopes.filter(({ site }) => site.model === undefined).map(({ strategy }) => strategy.creation),
    ),
  ].join('\n');
  return runtimeNamesIn(texts);
}

class PlanWriter {
  readonly #plan: PlanToWrite;
  readonly #style: CodeStyle;
  readonly #names: StrategyNames;
  readonly #localNames: LocalNames;
  /** The comments in deleted ranges that no strategy has taken yet. */
  readonly #comments: Map<TextRange, string[]>;
  readonly #scopes: ScopeWriter;
  readonly #declarations: TextEdit[] = [];
  readonly #edits: TextEdit[] = [];

  constructor(
    plan: PlanToWrite,
    usedNames: ReadonlySet<string>,
    localNames: LocalNames,
    comments: Map<TextRange, string[]>,
  ) {
    this.#plan = plan;
    this.#style = codeStyleOf(plan.source);
    this.#names = new StrategyNames(usedNames);
    this.#localNames = localNames;
    this.#comments = comments;
    this.#scopes = new ScopeWriter(plan.source, plan.origins, plan.removal, this.#style);
  }

  /** Declarations come first: at the same offset the strategy must precede the scope. */
  get edits(): readonly TextEdit[] {
    return [...this.#declarations, ...this.#edits];
  }

  /** Declares the strategy of a group and puts its segments into the scope. */
  writeGroup({ group, segments }: PlannedGroup): void {
    const { source } = this.#plan;
    const { list, strategy } = group;
    const [first] = segments;
    if (first === undefined) return;
    const sharedBy = group.members.find(({ site }) => site.sharedBy !== undefined)?.site.sharedBy;
    const name =
      sharedBy === undefined
        ? this.#names.choose(list.owner)
        : `this.${this.#names.chooseField(sharedBy, this.#plan.source.text)}`;
    if (sharedBy !== undefined && this.#style.isTypeScript) this.#declareField(name, group, sharedBy);
    const hoisted = strategy.hoisted.map((statement) =>
      source.text.slice(startWithComments(source, statement), statement.range[1]),
    );
    const lines = [...this.#takeComments(group), ...hoisted, this.#declaration(group, name)];
    this.#insertBefore(first.statements[0], lines);
    for (const segment of segments) this.#edits.push(...this.#scopes.aroundSegment(name, segment));
    this.#writeOtherCompiles({ group, segments }, name);
  }

  #declaration({ strategy, text, members }: WrapGroup, name: string): string {
    const { source, removal } = this.#plan;
    const { semicolon } = this.#style;
    const [member] = members;
    if (strategy.fallback === undefined || member === undefined)
      return `${name.startsWith('this.') ? '' : 'const '}${name} = ${this.#withLocalNames(text)}${semicolon}`;
    const names = {
      strategy: name,
      creation: this.#withLocalNames(strategy.creation),
      getStrategy: this.#withLocalNames('getStrategy'),
      semicolon,
    };
    return fallbackText(strategy.fallback, member.site, removal, names, source);
  }

  /** Declares the field of a TypeScript class that holds the strategy. */
  #declareField(name: string, { text }: WrapGroup, { range: [start] }: TSESTree.ClassBody): void {
    const { source } = this.#plan;
    const { indent, semicolon } = this.#style;
    const className = this.#withLocalNames(STRATEGY_CLASSES[this.#plan.strategy]);
    const getStrategy = this.#withLocalNames('getStrategy');
    const type = text.includes('getStrategy') ? `ReturnType<typeof ${getStrategy}>` : className;
    const line = `\n${indentAt(source.text, start)}${indent}private ${name.slice('this.'.length)}!: ${type}${semicolon}`;
    this.#declarations.push({ start: start + 1, end: start + 1, text: line });
  }

  /** Puts `compile` calls in later blocks and functions into the scope too. */
  #writeOtherCompiles({ group, segments }: PlannedGroup, name: string): void {
    const { source, origins, removal } = this.#plan;
    const start = Math.min(...segments.map(({ statements }) => statements[0].range[0]));
    const uses = group.members
      .flatMap(({ wrap, site }) => pathsOfModel(site, wrap.result))
      .flatMap((path) => usesOf(path, source, origins.names));
    const seen = new Set<Node>();
    for (const { node, member, call } of uses) {
      if (member !== 'compile' || call === undefined || seen.has(call)) continue;
      if (segments.some((segment) => isInSegment(node, segment))) continue;
      seen.add(call);
      const isVisible = name.startsWith('this.') || (isInside(node, group.list.owner) && node.range[0] > start);
      if (isVisible && call.parent.type === AST_NODE_TYPES.ExpressionStatement && !removal.isRemoved(node))
        this.#edits.push(...this.#scopes.aroundExpression(name, call));
    }
  }

  /** Opens the scope around the argument of a wrap that builds the model itself. */
  writeArgumentScopes({ wrapCall: { call }, scopes, arguments: { model } }: Wrap): void {
    for (const { site, strategy } of scopes) {
      if (site.model !== undefined || site.at !== call) continue;
      const statement = site.list?.statements[site.first];
      const isReturned =
        statement?.type === AST_NODE_TYPES.ReturnStatement &&
        site.crossings.length === 0 &&
        returnsOnly(statement, call);
      if (!isReturned || site.list === undefined) {
        this.#edits.push(...this.#scopes.aroundExpression(this.#withLocalNames(strategy.creation), model));
        continue;
      }
      const name = this.#names.choose(site.list.owner);
      const comments = [...this.#comments]
        .filter(([range]) => range.start >= statement.range[0] && range.end <= statement.range[1])
        .flatMap(([, lines]) => lines);
      const hoisted = strategy.hoisted.map((each) => this.#plan.source.text.slice(...each.range));
      const declaration = `const ${name} = ${this.#withLocalNames(strategyText(strategy))}${this.#style.semicolon}`;
      this.#insertBefore(statement, [...comments, ...hoisted, declaration]);
      this.#edits.push(...this.#scopes.aroundExpression(name, model));
    }
  }

  #withLocalNames(text: string): string {
    return withLocalNames(text, this.#localNames);
  }

  #insertBefore(statement: TSESTree.Statement, lines: readonly string[]): void {
    const { source } = this.#plan;
    const start = startWithComments(source, statement);
    const indent = indentAt(source.text, start);
    const isFirstOnLine = source.text.slice(lineStartAt(source.text, start), start).trim() === '';
    const text = lines
      .flatMap((line) => line.split('\n').map((part, index) => (index === 0 ? part : withoutIndent(part, indent))))
      .join(`\n${indent}`);
    this.#declarations.unshift({ start, end: start, text: `${text}\n${isFirstOnLine ? indent : ''}` });
  }

  /** Takes the comments of the deleted code that belongs to a group. */
  #takeComments({ list, members }: WrapGroup): string[] {
    const [listStart, listEnd] = list.owner.range;
    const wrapRanges = members.map(({ wrap }) => wrap.wrapCall.call.range);
    const taken: string[] = [];
    for (const [range, lines] of this.#comments) {
      const isInList = listStart <= range.start && range.end <= listEnd;
      if (!isInList && !wrapRanges.some(([start, end]) => start <= range.end && range.start <= end)) continue;
      taken.push(...lines);
      this.#comments.delete(range);
    }
    return taken;
  }
}

function returnsOnly({ argument }: TSESTree.ReturnStatement, call: Node): boolean {
  return argument === call || (argument?.type === AST_NODE_TYPES.AwaitExpression && argument.argument === call);
}

/** A line of a moved statement without the indentation of its old position. */
function withoutIndent(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
}
