/** Writes the opposite of a Python condition. Pure. */

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

/** Whether one condition is the other's opposite, as `negate` or a person writes it. */
export function areOpposite(a: string, b: string | undefined): boolean {
  return b === `not ${a}` || b === `not (${a})` || a === `not ${b}` || (b !== undefined && negate(a) === b);
}
