/** Writes the edits of all accepted wraps of a file as one change. Pure. */
import type { TextEdit } from '../../../result.js';
import type { Origins } from '../../origins/origin.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Candidate } from '../assess/assess-wrap.js';
import type { Reduction } from '../plan/remove-wraps.js';
import type { Segment } from '../plan/segments.js';
import type { Group } from '../plan/wrap-groups.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { indentAt, indentUnit } from '../../../edits/newlines.js';
import { type Node, walk } from '../../syntax/syntax-tree.js';
import { usesOf } from '../analyze/access-path.js';
import { isInside } from '../analyze/statement-list.js';
import { strategyText } from '../assess/strategy-plan.js';
import { fallbackText } from '../assess/try-fallback.js';

import { type RuntimeName, swapImports } from './imports.js';
import { commentsIn } from './removed-comments.js';
import { ScopeWriter } from './scope-writer.js';
import { lineStartAt, type Range, removalRange, startWithComments, usesSemicolons } from './text-layout.js';

export interface PlannedGroup {
  readonly group: Group;
  readonly segments: readonly Segment[];
}

export interface PlanToWrite {
  readonly source: JavaScriptSource;
  readonly origins: Origins;
  readonly candidates: readonly Candidate[];
  readonly groups: readonly PlannedGroup[];
  readonly reduction: Reduction;
}

export function writePlan(plan: PlanToWrite): TextEdit[] {
  return new PlanWriter(plan).write();
}

class PlanWriter {
  readonly #plan: PlanToWrite;
  readonly #taken: ReadonlySet<string>;
  readonly #given: { readonly owner: Node; readonly name: string }[] = [];
  readonly #semicolon: string;
  readonly #writer: ScopeWriter;
  readonly #edits: TextEdit[] = [];

  constructor(plan: PlanToWrite) {
    this.#plan = plan;
    const { source, origins, reduction } = plan;
    this.#taken = identifiersOf(source);
    this.#semicolon = usesSemicolons(source) ? ';' : '';
    const style = {
      indent: indentUnit(source.text),
      semicolon: this.#semicolon,
      isTypeScript: /\.[cm]?tsx?$/i.test(source.path),
    };
    this.#writer = new ScopeWriter(source, origins, reduction, style);
  }

  write(): TextEdit[] {
    const { source, origins, candidates, groups, reduction } = this.#plan;
    const hoisted = new Set(groups.flatMap(({ group }) => group.strategy.hoisted));
    const moved = new Set<Node>([...hoisted, ...groups.flatMap(({ group }) => group.strategy.fallback ?? [])]);
    const gone = new Set<Node>([...reduction.removed, ...moved]);
    const isGone = (node: Node): boolean => {
      for (let current: Node | undefined = node; current !== undefined; current = current.parent)
        if (reduction.removed.has(current)) return true;
      return false;
    };
    const imports = swapImports({
      source,
      origins,
      wraps: candidates.map(({ wrap }) => wrap),
      isGone,
      needs: this.#needs(),
      takenNames: this.#taken,
      semicolon: this.#semicolon,
    });
    const local = (text: string): string =>
      text.replace(/\b(?:MirroredStrategy|getStrategy)\b/g, (name) => imports.local.get(name as RuntimeName) ?? name);
    const removals = new Map<Node, Range>();
    for (const node of gone)
      if (![...gone].some((other) => other !== node && isInside(node, other)))
        removals.set(node, removalRange(source, node));
    const deleted: Range[] = [...removals.values(), ...reduction.edits.filter(({ start, end }) => end > start)];
    const comments = commentsIn(
      deleted,
      [...moved].map((node) => removals.get(node)!).filter((range) => range !== undefined),
      source,
    );

    for (const { group, segments } of groups) this.#group(group, segments, comments, local);
    for (const candidate of candidates) this.#inExpression(candidate, comments, local);
    this.#edits.push(
      ...reduction.edits.filter(
        (edit) => ![...removals.values()].some(({ start, end }) => start <= edit.start && edit.end <= end),
      ),
    );
    for (const { start, end } of removals.values()) this.#edits.push({ start, end, text: '' });
    this.#edits.push(...imports.edits);
    return withoutNested(this.#edits, source.text);
  }

  #needs(): RuntimeName[] {
    const { candidates, groups } = this.#plan;
    const texts = [
      ...groups.map(({ group }) => group.text + (group.strategy.fallback === undefined ? '' : ' getStrategy()')),
      ...candidates.flatMap(({ scopes }) =>
        scopes.filter(({ site }) => site.model === undefined).map(({ strategy }) => strategy.creation),
      ),
    ].join('\n');
    return (['MirroredStrategy', 'getStrategy'] as const).filter((name) => new RegExp(`\\b${name}\\b`).test(texts));
  }

  #group(
    group: Group,
    segments: readonly Segment[],
    comments: Map<Range, string[]>,
    local: (text: string) => string,
  ): void {
    const { source, reduction } = this.#plan;
    const { list, strategy, members } = group;
    const name = this.#name(list.owner);
    const [segment] = segments;
    if (segment === undefined) return;
    const kept = list.statements
      .slice(segment.from)
      .find((statement) => !reduction.removed.has(statement) && !strategy.hoisted.includes(statement))!;
    const lines: string[] = this.#commentsOf(group, comments);
    for (const statement of strategy.hoisted)
      lines.push(source.text.slice(startWithComments(source, statement), statement.range[1]));
    if (strategy.fallback === undefined) lines.push(`const ${name} = ${local(group.text)}${this.#semicolon}`);
    else {
      const names = {
        strategy: name,
        creation: local(strategy.creation),
        getStrategy: local('getStrategy'),
        semicolon: this.#semicolon,
      };
      lines.push(fallbackText(strategy.fallback, members[0]!.site, reduction.removed, names, source));
    }
    this.#before(kept, lines);
    for (const each of segments)
      this.#edits.push(...this.#writer.write({ strategy: name, list, segment: each, hoisted: strategy.hoisted }));
    this.#edits.push(...this.#compilesElsewhere(group, segments, name));
  }

  /** Compile calls in blocks and functions below, where the strategy can be seen. */
  #compilesElsewhere({ list, members }: Group, segments: readonly Segment[], name: string): TextEdit[] {
    const { source, origins, reduction } = this.#plan;
    const places = members
      .flatMap(({ candidate, site }) => [site.model, candidate.result, ...site.aliases])
      .filter((place) => place !== undefined);
    const starts = segments.map(({ from }) => list.statements[from]!.range[0]);
    const isWrapped = (node: Node): boolean =>
      segments.some(
        ({ from, to }) =>
          list.statements[from]!.range[0] <= node.range[0] && node.range[1] <= list.statements[to]!.range[1],
      );
    const seen = new Set<Node>();
    const edits: TextEdit[] = [];
    for (const { node, member, call } of places.flatMap((place) => usesOf(place, source, origins.names))) {
      if (member !== 'compile' || call === undefined || seen.has(call) || isWrapped(node)) continue;
      seen.add(call);
      const isVisible = isInside(node, list.owner) && node.range[0] > Math.min(...starts);
      if (!isVisible || call.parent.type !== AST_NODE_TYPES.ExpressionStatement) continue;
      let isRemoved = false;
      for (let current: Node | undefined = node; current !== undefined; current = current.parent)
        if (reduction.removed.has(current)) isRemoved = true;
      if (!isRemoved) edits.push(...this.#writer.aroundExpression(name, call));
    }
    return edits;
  }

  /** A model that is built in the argument and not kept: the scope goes round the argument. */
  #inExpression(
    { wrap, scopes, arguments: { model } }: Candidate,
    comments: Map<Range, string[]>,
    local: (text: string) => string,
  ): void {
    for (const { site, strategy } of scopes) {
      if (site.model !== undefined || site.at !== wrap.call) continue;
      const statement = site.list?.statements[site.first];
      const isReturned =
        statement?.type === AST_NODE_TYPES.ReturnStatement &&
        site.crossings.length === 0 &&
        isWholeValue(statement, wrap.call);
      let opener = local(strategy.creation);
      if (isReturned) {
        const name = this.#name(site.list!.owner);
        const own = [...comments]
          .filter(([range]) => range.start >= statement.range[0] && range.end <= statement.range[1])
          .flatMap(([, lines]) => lines);
        const hoisted = strategy.hoisted.map((each) => this.#plan.source.text.slice(...each.range));
        this.#before(statement, [
          ...own,
          ...hoisted,
          `const ${name} = ${local(strategyText(strategy))}${this.#semicolon}`,
        ]);
        opener = name;
      }
      this.#edits.push(...this.#writer.aroundExpression(opener, model));
    }
  }

  #before(statement: TSESTree.Statement, lines: readonly string[]): void {
    const { source } = this.#plan;
    const start = startWithComments(source, statement);
    const indent = indentAt(source.text, start);
    const isFirstOnLine = source.text.slice(lineStartAt(source.text, start), start).trim() === '';
    const text = lines
      .flatMap((line) => line.split('\n').map((part, index) => (index === 0 ? part : reindented(part, indent))))
      .join(`\n${indent}`);
    this.#edits.unshift({ start, end: start, text: `${text}\n${isFirstOnLine ? indent : ''}` });
  }

  /** Comments of what goes, from the statements of this group's wraps. */
  #commentsOf({ list, members }: Group, comments: Map<Range, string[]>): string[] {
    const lines: string[] = [];
    for (const [range, texts] of comments) {
      const isOurs =
        (list.owner.range[0] <= range.start && range.end <= list.owner.range[1]) ||
        members.some(
          ({ candidate }) => candidate.wrap.call.range[0] <= range.end && range.start <= candidate.wrap.call.range[1],
        );
      if (!isOurs) continue;
      lines.push(...texts);
      comments.delete(range);
    }
    return lines;
  }

  #name(owner: Node): string {
    const isFree = (name: string): boolean =>
      !this.#taken.has(name) &&
      !this.#given.some(
        (other) => other.name === name && (isInside(other.owner, owner) || isInside(owner, other.owner)),
      );
    let name = 'strategy';
    for (let count = 2; !isFree(name); count++) name = `strategy${count}`;
    this.#given.push({ owner, name });
    return name;
  }
}

function isWholeValue({ argument }: TSESTree.ReturnStatement, call: Node): boolean {
  return argument === call || (argument?.type === AST_NODE_TYPES.AwaitExpression && argument.argument === call);
}

/** Every name that a file spells as a variable. */
export function identifiersOf({ ast, visitorKeys }: JavaScriptSource): Set<string> {
  const names = new Set<string>();
  walk(ast, visitorKeys, (node) => {
    if (node.type === AST_NODE_TYPES.Identifier && !isMemberName(node)) names.add(node.name);
  });
  return names;
}

function isMemberName(node: TSESTree.Identifier): boolean {
  const { parent } = node;
  if (parent.type === AST_NODE_TYPES.MemberExpression) return parent.property === node && !parent.computed;
  return parent.type === AST_NODE_TYPES.Property && parent.key === node && !parent.shorthand && !parent.computed;
}

/** A line of a moved statement, which brings the indentation of its old place. */
function reindented(line: string, indent: string): string {
  return line.startsWith(indent) ? line.slice(indent.length) : line.trimStart();
}

/** Leaves out edits inside text that goes anyway. */
export function withoutNested(edits: readonly TextEdit[], source: string): TextEdit[] {
  const deletions = edits.filter(({ start, end, text }) => end > start && text === '');
  return edits.filter((edit) => {
    return !deletions.some((deletion) => {
      if (deletion === edit) return false;
      const isInsertion = edit.start === edit.end;
      if (isInsertion) {
        // Indentation of a line that goes, goes too.
        const isOfGoneLine =
          deletion.start === edit.start &&
          edit.text.trim() === '' &&
          source.slice(deletion.start, deletion.end).includes('\n');
        return isOfGoneLine || (deletion.start < edit.start && edit.start < deletion.end);
      }
      return (
        deletion.start <= edit.start &&
        edit.end <= deletion.end &&
        (deletion.start !== edit.start || deletion.end !== edit.end || edits.indexOf(deletion) < edits.indexOf(edit))
      );
    });
  });
}
