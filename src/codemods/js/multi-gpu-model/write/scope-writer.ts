/** Writes the edits that put code into the scope of a strategy, in the style of the file. Pure. */
import type { TextEdit } from '../../../result.js';
import type { Origins } from '../../origins/origin.js';
import type { JavaScriptSource } from '../../syntax/parse.js';
import type { Node } from '../../syntax/syntax-tree.js';
import type { WrapRemoval } from '../plan/remove-wraps.js';
import type { Segment } from '../plan/segments.js';
import type { CodeStyle } from './code-style.js';

import { AST_NODE_TYPES, type TSESTree } from '@typescript-eslint/types';

import { indentAt } from '../../../edits/newlines.js';
import { controlFlowOf } from '../analyze/control-flow.js';

import { endWithComment, indentableLines } from './text-layout.js';

export class ScopeWriter {
  readonly #source: JavaScriptSource;
  readonly #origins: Origins;
  readonly #removal: WrapRemoval;
  readonly #style: CodeStyle;

  constructor(source: JavaScriptSource, origins: Origins, removal: WrapRemoval, style: CodeStyle) {
    this.#source = source;
    this.#origins = origins;
    this.#removal = removal;
    this.#style = style;
  }

  /** Puts a segment into the scope of the strategy with this name. */
  aroundSegment(strategy: string, segment: Segment): TextEdit[] {
    const [only, ...others] = segment.statements;
    const expression = others.length === 0 && segment.returned === undefined ? this.#movableValue(only) : undefined;
    return expression === undefined
      ? this.#aroundStatements(strategy, segment)
      : this.aroundExpression(strategy, expression);
  }

  /** `strategy.scope(() => expression)`; an `await` stays outside. */
  aroundExpression(strategy: string, whole: Node): TextEdit[] {
    const expression = whole.type === AST_NODE_TYPES.AwaitExpression ? whole.argument : whole;
    const [start, end] = expression.range;
    const needsParentheses =
      this.#source.text.startsWith('{', start) || expression.type === AST_NODE_TYPES.SequenceExpression;
    return [
      { start, end: start, text: `${strategy}.scope(() => ${needsParentheses ? '(' : ''}` },
      { start: end, end, text: needsParentheses ? '))' : ')' },
    ];
  }

  /** The only expression of a statement, if the scope can be around this expression alone. */
  #movableValue(statement: TSESTree.Statement): Node | undefined {
    const value = onlyValueOf(statement);
    if (value === undefined) return undefined;
    const inner = value.type === AST_NODE_TYPES.AwaitExpression ? value.argument : value;
    return controlFlowOf(inner, this.#source.visitorKeys).awaits ? undefined : value;
  }

  #aroundStatements(strategy: string, segment: Segment): TextEdit[] {
    const { text } = this.#source;
    const { indent: unit, semicolon } = this.#style;
    const { statements, returned, isAsync } = segment;
    const start = statements[0].range[0];
    const end = endWithComment(this.#source, returned ?? lastOf(segment));
    const indent = indentAt(text, start);
    const { before, after } = this.#frame(segment);
    const awaits = isAsync && returned === undefined ? 'await ' : '';
    const opening = `${before}${awaits}${strategy}.scope(${isAsync ? 'async ' : ''}() => {\n${indent}${unit}`;
    const edits: TextEdit[] = [{ start, end: start, text: opening }];
    for (const statement of statements) {
      // The result of the scope is exported instead.
      if (statement.type === AST_NODE_TYPES.ExportNamedDeclaration && statement.declaration !== null)
        edits.push({ start: statement.range[0], end: statement.declaration.range[0], text: '' });
    }
    const inside = returned === undefined ? statements : [...statements, returned];
    for (const line of indentableLines(this.#source, inside, { start, end }))
      edits.push({ start: line, end: line, text: unit });
    const result = after === undefined ? '' : `\n${indent}${unit}return ${after}${semicolon}`;
    edits.push({ start: end, end, text: `${result}\n${indent}})${semicolon}` });
    return edits;
  }

  /** What to write before `strategy.scope`, and what the callback returns. */
  #frame(segment: Segment): { before: string; after: string | undefined } {
    const { statements, escaping, returned } = segment;
    if (returned !== undefined) return { before: 'return ', after: undefined };
    const names = escaping.map(({ name }) => name);
    if (names.length > 0) {
      const exported = statements.some(({ type }) => type === AST_NODE_TYPES.ExportNamedDeclaration) ? 'export ' : '';
      const list = names.length === 1 ? names.join('') : `{ ${names.join(', ')} }`;
      return { before: `${exported}${this.#declarationKind(segment)} ${list} = `, after: list };
    }
    // TypeScript does not know that `scope` has called its callback, so assign the result once more.
    const target = this.#style.isTypeScript
      ? (targetText(statements[0], this.#source) ?? this.#variableAssignedIn(segment))
      : undefined;
    return target === undefined ? { before: '', after: undefined } : { before: `${target} = `, after: target };
  }

  /** A variable without initializer, declared before the segment, that the segment assigns. */
  #variableAssignedIn(segment: Segment): string | undefined {
    for (const scope of this.#source.scopeManager.scopes) {
      for (const reference of scope.references) {
        const { identifier } = reference;
        if (!reference.isWrite() || reference.init === true) continue;
        if (!isInSegment(identifier, segment) || this.#removal.isRemoved(identifier)) continue;
        const definition: Node | undefined = reference.resolved?.defs[0]?.node;
        if (definition?.type !== AST_NODE_TYPES.VariableDeclarator || definition.init !== null) continue;
        if (definition.range[1] <= segment.statements[0].range[0] && identifier.type === AST_NODE_TYPES.Identifier)
          return identifier.name;
      }
    }
    return undefined;
  }

  #declarationKind(segment: Segment): 'const' | 'let' | 'var' {
    const { escaping } = segment;
    const isVar = escaping.some(({ defs }) => {
      const declaration: Node | null | undefined = defs[0]?.parent;
      return declaration?.type === AST_NODE_TYPES.VariableDeclaration && declaration.kind === 'var';
    });
    if (isVar) return 'var';
    const isWrittenLater = escaping.some((variable) =>
      this.#origins.names
        .referencesTo(variable)
        .some(
          (reference) =>
            reference.isWrite() &&
            !isInSegment(reference.identifier, segment) &&
            !this.#removal.isRemoved(reference.identifier),
        ),
    );
    return isWrittenLater ? 'let' : 'const';
  }
}

/** Whether a node is between the start of a segment's first statement and the end of its last one. */
export function isInSegment({ range }: Node, segment: Segment): boolean {
  return segment.statements[0].range[0] <= range[0] && range[1] <= lastOf(segment).range[1];
}

function lastOf({ statements }: Segment): TSESTree.Statement {
  return statements.at(-1) ?? statements[0];
}

/** The expression of a statement that does nothing but assign, declare or call. */
function onlyValueOf(statement: TSESTree.Statement): Node | undefined {
  const declaration = statement.type === AST_NODE_TYPES.ExportNamedDeclaration ? statement.declaration : statement;
  if (declaration?.type === AST_NODE_TYPES.VariableDeclaration) {
    const [declarator, ...others] = declaration.declarations;
    return others.length === 0 ? (declarator.init ?? undefined) : undefined;
  }
  if (declaration?.type !== AST_NODE_TYPES.ExpressionStatement) return undefined;
  const { expression } = declaration;
  if (expression.type === AST_NODE_TYPES.AssignmentExpression && expression.operator === '=') return expression.right;
  return expression.type === AST_NODE_TYPES.CallExpression ? expression : undefined;
}

/** `this.model` in `this.model = …;` */
function targetText(statement: TSESTree.Statement, { text }: JavaScriptSource): string | undefined {
  if (statement.type !== AST_NODE_TYPES.ExpressionStatement) return undefined;
  const { expression } = statement;
  if (expression.type !== AST_NODE_TYPES.AssignmentExpression || expression.operator !== '=') return undefined;
  return text.slice(...expression.left.range);
}
