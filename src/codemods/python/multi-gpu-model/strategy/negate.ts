/** Writes Python conditions and their opposites. Pure. */
import type { Condition } from '../../../lifecycle/choice.js';

const OPPOSITES = new Map([
  ['>', '<='],
  ['<=', '>'],
  ['<', '>='],
  ['>=', '<'],
  ['==', '!='],
  ['!=', '=='],
]);

/** The opposite of a condition, as a person would write it. */
export function negate(condition: string): string {
  const comparison = /^([\w.]+(?:\([\w.]*\))?)\s*(<=|>=|==|!=|<|>)\s*([\w.]+|'[^']*'|"[^"]*")$/.exec(condition);
  if (comparison !== null) {
    const [, left = '', operator = '', right = ''] = comparison;
    return `${left} ${OPPOSITES.get(operator) ?? operator} ${right}`;
  }
  const negation = /^not\s+([\w.]+(?:\([^()]*\))?)$/.exec(condition);
  if (negation !== null) return negation[1] ?? condition;
  return /^[\w.]+(\([^()]*\))?$/.test(condition) ? `not ${condition}` : `not (${condition})`;
}

/** A condition as Python text. */
export function conditionText({ text, holds }: Condition): string {
  return holds ? text : negate(text);
}

/** Whether one condition is the other's opposite, as `negate` or a person writes it. */
export function areOpposite(a: Condition, b: Condition): boolean {
  if (a.text === b.text) return a.holds !== b.holds;
  const [one, other] = [conditionText(a), conditionText(b)];
  return other === `not ${one}` || other === `not (${one})` || one === `not ${other}` || negate(one) === other;
}
