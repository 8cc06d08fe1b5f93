/** Writes a choice of a strategy as Python text. Pure. */
import type { Choice, Condition } from '../../../lifecycle/choice.js';
import type { PythonSource } from '../../syntax/source.js';

import { conditionText } from './negate.js';

const MAX_LINE_LENGTH = 100;

/** All conditions joined into one; undefined when there is none. */
export function joinedConditions(conditions: readonly Condition[]): string | undefined {
  const texts = conditions.map(conditionText);
  return texts.length > 1 ? texts.map(operand).join(' and ') : texts[0];
}

function operand(condition: string): string {
  return /\b(or|if|lambda)\b/.test(condition) ? `(${condition})` : condition;
}

/** The assignment of a choice on one line, or on several in the usual form when it is long. */
export function assignmentLines(
  source: PythonSource,
  line: number,
  name: string,
  choice: Choice,
  tensorflow: string,
): string[] {
  const { value, condition, otherwise } = partsOf(choice, tensorflow);
  if (condition === undefined) return [`${name} = ${value}`];
  const whole = `${name} = ${value} if ${condition} else ${otherwise}`;
  if (whole.length + source.indentation(line).length <= MAX_LINE_LENGTH) return [whole];
  const unit = source.indentUnit;
  return [`${name} = (`, `${unit}${value}`, `${unit}if ${condition}`, `${unit}else ${otherwise}`, ')'];
}

interface ChoiceParts {
  readonly value: string;
  readonly condition: string | undefined;
  readonly otherwise: string;
}

/** The default strategy stands for "no value": its scope has no effect. */
function partsOf({ value, conditions, otherwise }: Choice, tensorflow: string): ChoiceParts {
  const fallback = `${tensorflow}.distribute.get_strategy()`;
  return {
    value: value ?? fallback,
    condition: joinedConditions(conditions),
    otherwise: otherwise === undefined ? fallback : operandOfElse(partsOf(otherwise, tensorflow)),
  };
}

function operandOfElse({ value, condition, otherwise }: ChoiceParts): string {
  return condition === undefined ? value : `(${value} if ${condition} else ${otherwise})`;
}
