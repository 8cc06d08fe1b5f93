/** Judges the life of a model by a table of rules: the first one that objects tells why it stays as it is. Pure. */

/** One rule about lives of models, with one reason to refuse. */
export interface Rule<Life, Objection> {
  readonly name: string;
  readonly check: (life: Life) => Objection | undefined;
}

/**
 * Applies rules in order.
 *
 * @param life - The life of a model.
 * @param rules - The rules.
 * @returns What the first rule that does not hold objects; undefined when all hold.
 */
export function assess<Life, Objection>(life: Life, rules: readonly Rule<Life, Objection>[]): Objection | undefined {
  for (const { check } of rules) {
    const objection = check(life);
    if (objection !== undefined) return objection;
  }
  return undefined;
}
