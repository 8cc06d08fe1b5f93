/** A strategy that depends on a condition, and the Python text that assigns it. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { PythonSource } from '../../syntax/source.js';
import type { WrapSite } from '../find/wrap-site.js';
import type { BranchConditions } from './conditions.js';

import { mirroredStrategy } from './mirrored-strategy.js';

/** `value if condition else otherwise`, or the value alone. */
export interface Choice {
  readonly value: string;
  readonly condition?: string;
  readonly otherwise?: string;
}

const MAX_LINE_LENGTH = 100;

/** The choice on one line. */
export function choiceText({ value, condition, otherwise }: Choice): string {
  return condition === undefined || otherwise === undefined ? value : `${value} if ${condition} else ${otherwise}`;
}

/** The assignment of a choice on one line, or on several in the usual form when it is long. */
export function assignmentLines(source: PythonSource, line: number, name: string, choice: Choice): string[] {
  const whole = `${name} = ${choiceText(choice)}`;
  const { value, condition, otherwise } = choice;
  if (
    condition === undefined ||
    otherwise === undefined ||
    whole.length + source.indentation(line).length <= MAX_LINE_LENGTH
  )
    return [whole];
  const unit = source.indentUnit;
  return [`${name} = (`, `${unit}${value}`, `${unit}if ${condition}`, `${unit}else ${otherwise}`, ')'];
}

/** The default strategy, whose scope has no effect. */
export function defaultStrategy(tensorflow: string): string {
  return `${tensorflow}.distribute.get_strategy()`;
}

/** The value under a condition, and the default strategy otherwise. */
export function choiceUnder(value: string, condition: string | undefined, tensorflow: string): Choice {
  return condition === undefined ? { value } : { value, condition, otherwise: defaultStrategy(tensorflow) };
}

/** The choice of one wrap whose expressions need no rewriting. */
export function choiceOf(
  module: PythonModule,
  tensorflow: string,
  site: WrapSite,
  conditions: BranchConditions,
): Choice {
  const gpus = site.gpus === undefined ? '' : module.source.textOf(site.gpus);
  return choiceUnder(mirroredStrategy(module, tensorflow, site.gpus, gpus), conditions.text(module), tensorflow);
}
