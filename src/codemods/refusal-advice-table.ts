/** One line of advice for each refusal reason. Data only; docs/refusals.md says more. */
import { RefusalReason } from './refusal-reason.js';

export const REFUSAL_ADVICE: ReadonlyMap<RefusalReason, string> = new Map([
  [
    RefusalReason.CpuRelocation,
    'Decide whether the template’s own weights matter; if not, drop cpuRelocation and run again.',
  ],
  [RefusalReason.ModelNotInView, 'Build and compile the model inside strategy.scope() where it is created.'],
  [RefusalReason.EvaluationOrder, 'Move the model building next to the wrap by hand and run again.'],
  [
    RefusalReason.TemplateUsedSeparately,
    'Use one model for training and saving; under a strategy they are the same object.',
  ],
  [RefusalReason.DynamicArguments, 'Pass the model and the devices as plain arguments and run again.'],
  [RefusalReason.NotCalledDirectly, 'Call the function where it is imported, or rewrite this use by hand.'],
  [RefusalReason.NameCollision, 'Rename one of the two bindings and run again.'],
  [RefusalReason.AlreadyInScope, 'Remove the wrap: the model already trains through the strategy.'],
  [RefusalReason.MeaningChanged, 'Read the note of this API and rewrite the call by hand.'],
  [RefusalReason.NoReplacement, 'Read the note of this API; it has to be redesigned by hand.'],
  [
    RefusalReason.ConditionNotProved,
    'Make the condition visible at the call (a literal argument, say) or rewrite it by hand.',
  ],
  [RefusalReason.OverlappingEdit, 'Apply the first change, then run again.'],
  [
    RefusalReason.CompileNotInView,
    'Compile the model and make its optimizer inside model.distribute_strategy.scope().',
  ],
  [RefusalReason.WrappedInLoop, 'Build, wrap and compile each model in one iteration, then run again.'],
  [
    RefusalReason.CallersNotInView,
    'Run on the whole project, so that every caller is in view, or build the model in the scope by hand.',
  ],
  [RefusalReason.SharedLine, 'Give each statement a line of its own and run again.'],
]);
