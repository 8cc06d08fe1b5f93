/** Combines values that code chooses under conditions into one choice. Pure. */

/** A condition as it is written where the choice is made. */
export interface Condition {
  readonly text: string;
  /** Whether the text has to be true, or false. */
  readonly holds: boolean;
}

/** A value, and the conditions that all have to hold for it. */
export interface Arm {
  readonly value: string;
  readonly conditions: readonly Condition[];
}

/** `value` if all conditions hold, else another choice, or the default. Without conditions, always `value`. */
export interface Choice {
  /** Undefined for the default. */
  readonly value: string | undefined;
  readonly conditions: readonly Condition[];
  readonly otherwise?: Choice;
}

/** What the combination asks about conditions of a language. */
export type AreOpposite = (a: Condition, b: Condition) => boolean;

/** One choice for all arms; undefined when two of them ask for different values at once. */
export function choose(arms: readonly Arm[], areOpposite: AreOpposite): Choice | undefined {
  return combine(joinOpposites(arms, areOpposite), areOpposite);
}

/** Whether two choices are the same, word for word. */
export function sameChoice(a: Choice | undefined, b: Choice | undefined): boolean {
  return (
    a === b ||
    (a !== undefined &&
      b !== undefined &&
      a.value === b.value &&
      sameConditions(a.conditions, b.conditions) &&
      sameChoice(a.otherwise, b.otherwise))
  );
}

/** When both arms of an inner branch ask for the same value, only the conditions outside the branch matter. */
function joinOpposites(arms: readonly Arm[], areOpposite: AreOpposite): readonly Arm[] {
  for (const [index, { value, conditions }] of arms.entries()) {
    const outer = conditions.slice(0, -1);
    const last = conditions.at(-1);
    const twin = arms.findIndex((other, position) => {
      const otherLast = other.conditions.at(-1);
      return (
        position > index &&
        other.value === value &&
        last !== undefined &&
        otherLast !== undefined &&
        sameConditions(outer, other.conditions.slice(0, -1)) &&
        areOpposite(last, otherLast)
      );
    });
    if (twin === -1) continue;
    const joined = [...arms.slice(0, index), { value, conditions: outer }, ...arms.slice(index + 1, twin)];
    return joinOpposites([...joined, ...arms.slice(twin + 1)], areOpposite);
  }
  return arms;
}

function combine(arms: readonly Arm[], areOpposite: AreOpposite): Choice | undefined {
  const [first, ...rest] = arms.filter((arm, index) => arms.findIndex((other) => sameArm(other, arm)) === index);
  if (first === undefined) return { value: undefined, conditions: [] };
  const { value, conditions } = first;
  if (conditions.length === 0) return rest.length > 0 ? undefined : { value, conditions };
  if (rest.some((arm) => arm.conditions.length === 0 || sameConditions(arm.conditions, conditions))) return undefined;
  const [second, third] = rest;
  const [own, other] = [conditions, second?.conditions ?? []];
  const isElse =
    third === undefined &&
    own.length === 1 &&
    other.length === 1 &&
    own.every((condition) => other.every((opposite) => areOpposite(condition, opposite)));
  if (second !== undefined && isElse) {
    if (second.value === value) return { value, conditions: [] };
    return { value, conditions, otherwise: { value: second.value, conditions: [] } };
  }
  const otherwise = combine(rest, areOpposite);
  return otherwise === undefined ? undefined : { value, conditions, otherwise };
}

function sameArm(a: Arm, b: Arm): boolean {
  return a.value === b.value && sameConditions(a.conditions, b.conditions);
}

function sameConditions(a: readonly Condition[], b: readonly Condition[]): boolean {
  return (
    a.length === b.length && a.every(({ text, holds }, index) => text === b[index]?.text && holds === b[index].holds)
  );
}
