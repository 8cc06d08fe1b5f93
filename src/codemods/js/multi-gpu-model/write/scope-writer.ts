/** Writes the edits that put segments into the scope of a strategy, in the style of the file. Pure. */
import type { TextEdit } from '../../../result.js';
import type { Origins } from '../../origins/origin.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Node } from '../../syntax/syntax-tree.js';
import type { Reduction } from '../plan/remove-wraps.js';
import type { Segment } from '../plan/segments.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { indentAt } from '../../../edits/newlines.js';
import { flowOf, type StatementList } from '../analyze/statement-list.js';

import { endWithComment, indentableLines } from './text-layout.js';

/** How this file is written. */
export interface Style {
  /** One level of indentation. */
  readonly indent: string;
  /** `;` or nothing. */
  readonly semicolon: string;
  readonly isTypeScript: boolean;
}

export interface ScopeToWrite {
  readonly strategy: string;
  readonly list: StatementList;
  readonly segment: Segment;
  readonly hoisted: readonly Node[];
}

export class ScopeWriter {
  readonly #source: JavaScriptSource;
  readonly #origins: Origins;
  readonly #reduction: Reduction;
  readonly #style: Style;

  constructor(source: JavaScriptSource, origins: Origins, reduction: Reduction, style: Style) {
    this.#source = source;
    this.#origins = origins;
    this.#reduction = reduction;
    this.#style = style;
  }

  /** The edits for one segment. */
  write({ strategy, list, segment, hoisted }: ScopeToWrite): TextEdit[] {
    const kept = list.statements
      .slice(segment.from, segment.to + 1)
      .filter((statement) => !this.#reduction.removed.has(statement) && !hoisted.includes(statement));
    const [only] = kept;
    if (kept.length === 1 && only !== undefined && segment.returned === undefined) {
      const expression = this.#wholeValue(only);
      if (expression !== undefined) return this.#aroundExpression(strategy, expression);
    }
    return this.#aroundStatements(strategy, kept, segment);
  }

  /** `strategy.scope(() => expression)`. */
  aroundExpression(strategy: string, expression: Node): TextEdit[] {
    return this.#aroundExpression(strategy, expression);
  }

  #aroundExpression(strategy: string, whole: Node): TextEdit[] {
    const expression = whole.type === AST_NODE_TYPES.AwaitExpression ? whole.argument : whole;
    const text = this.#source.text.slice(...expression.range);
    const needsParentheses = text.startsWith('{') || expression.type === AST_NODE_TYPES.SequenceExpression;
    return [
      {
        start: expression.range[0],
        end: expression.range[0],
        text: `${strategy}.scope(() => ${needsParentheses ? '(' : ''}`,
      },
      { start: expression.range[1], end: expression.range[1], text: needsParentheses ? '))' : ')' },
    ];
  }

  /** The expression of a statement that does nothing else, if the scope can go round it alone. */
  #wholeValue(statement: TSESTree.Statement): Node | undefined {
    const declaration = statement.type === AST_NODE_TYPES.ExportNamedDeclaration ? statement.declaration : statement;
    let value: Node | null | undefined;
    if (declaration?.type === AST_NODE_TYPES.VariableDeclaration) {
      if (declaration.declarations.length === 1) value = declaration.declarations[0]!.init;
    } else if (declaration?.type === AST_NODE_TYPES.ExpressionStatement) {
      const { expression } = declaration;
      if (expression.type === AST_NODE_TYPES.AssignmentExpression && expression.operator === '=')
        value = expression.right;
      else if (expression.type === AST_NODE_TYPES.CallExpression) value = expression;
    }
    if (value === null || value === undefined) return undefined;
    const inner = value.type === AST_NODE_TYPES.AwaitExpression ? value.argument : value;
    return flowOf(inner, this.#source.visitorKeys).awaits ? undefined : value;
  }

  #aroundStatements(strategy: string, kept: readonly TSESTree.Statement[], segment: Segment): TextEdit[] {
    const { text } = this.#source;
    const { indent: unit, semicolon } = this.#style;
    const first = kept[0]!;
    const last = segment.returned ?? kept.at(-1)!;
    const start = first.range[0];
    const end = endWithComment(this.#source, last);
    const indent = indentAt(text, start);
    const { before, after } = this.#frame(kept, segment);
    const awaits = segment.isAsync ? 'await ' : '';
    const opening = `${before}${segment.returned === undefined ? awaits : ''}${strategy}.scope(${segment.isAsync ? 'async ' : ''}() => {\n${indent}${unit}`;
    const edits: TextEdit[] = [{ start, end: start, text: opening }];
    for (const statement of kept) {
      if (statement.type !== AST_NODE_TYPES.ExportNamedDeclaration || statement.declaration === null) continue;
      edits.push({ start: statement.range[0], end: statement.declaration.range[0], text: '' });
    }
    for (const line of indentableLines(
      this.#source,
      segment.returned === undefined ? kept : [...kept, segment.returned],
      { start, end },
    )) {
      edits.push({ start: line, end: line, text: unit });
    }
    const result = after === undefined ? '' : `\n${indent}${unit}return ${after}${semicolon}`;
    edits.push({ start: end, end, text: `${result}\n${indent}})${semicolon}` });
    return edits;
  }

  /** What stands before `strategy.scope`, and what the function returns. */
  #frame(
    kept: readonly TSESTree.Statement[],
    { escaping, returned }: Segment,
  ): { before: string; after: string | undefined } {
    if (returned !== undefined) return { before: 'return ', after: undefined };
    const names = escaping.map(({ name }) => name);
    if (names.length > 0) {
      const exported = kept.some(({ type }) => type === AST_NODE_TYPES.ExportNamedDeclaration) ? 'export ' : '';
      const list = names.length === 1 ? names[0]! : `{ ${names.join(', ')} }`;
      return { before: `${exported}${this.#kind(kept, escaping)} ${list} = `, after: list };
    }
    // TypeScript does not see that a function given to `scope` has run: what it assigns is assigned again.
    const target = this.#style.isTypeScript
      ? (assignedBy(kept[0]!, this.#source) ?? this.#assignedInside(kept))
      : undefined;
    return target === undefined ? { before: '', after: undefined } : { before: `${target} = `, after: target };
  }

  /** A variable without initializer that the statements assign. */
  #assignedInside(kept: readonly TSESTree.Statement[]): string | undefined {
    const start = kept[0]!.range[0];
    const end = kept.at(-1)!.range[1];
    for (const scope of this.#source.scopeManager.scopes) {
      for (const reference of scope.references) {
        const { range } = reference.identifier;
        const definition = reference.resolved?.defs[0]?.node as Node | undefined;
        if (
          !reference.isWrite() ||
          reference.init ||
          range[0] < start ||
          range[1] > end ||
          this.#isGone(reference.identifier as Node)
        )
          continue;
        if (definition?.type !== AST_NODE_TYPES.VariableDeclarator || definition.init !== null) continue;
        if (definition.range[1] <= start) return reference.identifier.name as string;
      }
    }
    return undefined;
  }

  #kind(kept: readonly TSESTree.Statement[], escaping: Segment['escaping']): 'const' | 'let' | 'var' {
    const start = kept[0]!.range[0];
    const end = kept.at(-1)!.range[1];
    const isVar = escaping.some(
      (variable) => (variable.defs[0]?.parent as TSESTree.VariableDeclaration | undefined)?.kind === 'var',
    );
    if (isVar) return 'var';
    const isWrittenLater = escaping.some((variable) =>
      this.#origins.names.referencesTo(variable).some((reference) => {
        const { range } = reference.identifier;
        return (
          reference.isWrite() && (range[0] < start || range[1] > end) && !this.#isGone(reference.identifier as Node)
        );
      }),
    );
    return isWrittenLater ? 'let' : 'const';
  }

  #isGone(node: Node): boolean {
    for (let current: Node | undefined = node; current !== undefined; current = current.parent) {
      if (this.#reduction.removed.has(current)) return true;
    }
    return false;
  }
}

/** `this.model` in `this.model = …;` */
function assignedBy(statement: TSESTree.Statement, { text }: JavaScriptSource): string | undefined {
  if (statement.type !== AST_NODE_TYPES.ExpressionStatement) return undefined;
  const { expression } = statement;
  if (expression.type !== AST_NODE_TYPES.AssignmentExpression || expression.operator !== '=') return undefined;
  return text.slice(...expression.left.range);
}
