/** Writes `model.fit_generator(gen, 10, 5)` as `model.fit(gen, steps_per_epoch=10, epochs=5)`. Pure. */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { FixOf, FixResult } from '../legacy-use.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { callArguments } from '../../analysis/statements.js';
import { childByField, type PyNode } from '../../syntax/node.js';

import { fieldEdits } from './rename-field.js';
import { wholeSteps } from './whole-steps.js';

/** The parameters that count steps. */
const STEPS = /^(steps_per_epoch|validation_steps|steps)$/;

/** Renames the method and gives its positional arguments, all but the first, their new keywords. */
export function renameCall(module: PythonModule, use: PyNode, fix: FixOf<'rename-call'>): FixResult {
  const call = use.parent;
  if (call?.type !== 'call') return { reason: RefusalReason.NotCalledDirectly };
  const { positional, keywords, spread } = callArguments(module.source, call);
  if (spread) return { reason: RefusalReason.DynamicArguments };
  const isWritable =
    positional.length <= fix.parameters.length && !fix.refusedKeywords.some((name) => keywords.has(name));
  if (!isWritable) return { reason: RefusalReason.ConditionNotProved };
  const edits: TextEdit[] = fieldEdits(use, 'attribute', fix.to);
  for (const [index, argument] of positional.entries()) {
    const parameter = fix.parameters[index] ?? '';
    const written = STEPS.test(parameter) ? wholeSteps(module, argument) : [];
    if (written === undefined) return { reason: RefusalReason.ConditionNotProved };
    if (index > 0) edits.push(...named(argument, parameter, written));
  }
  for (const [name, argument] of keywords) {
    const written = STEPS.test(name) ? wholeSteps(module, argument) : [];
    if (written === undefined) return { reason: RefusalReason.ConditionNotProved };
    edits.push(...written);
  }
  if (positional.length === 0) {
    const argument = keywords.get(fix.firstKeyword)?.parent;
    const name = argument === undefined ? undefined : childByField(argument, 'name');
    if (name === undefined) return { reason: RefusalReason.ConditionNotProved };
    edits.push({ start: name.start, end: name.end, text: fix.parameters[0] ?? '' });
  }
  return { edits };
}

/** An argument with its keyword; both may insert text at its start. */
function named({ start }: PyNode, parameter: string, edits: readonly TextEdit[]): TextEdit[] {
  const before = edits.find((edit) => edit.start === start && edit.end === start)?.text ?? '';
  return [{ start, end: start, text: `${parameter}=${before}` }, ...edits.filter((edit) => edit.start !== start)];
}
