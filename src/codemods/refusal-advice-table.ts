/** One line of advice for each refusal reason. Data only; docs/refusals.md explains each reason. */
import { RefusalReason } from './refusal-reason.js';

export const REFUSAL_ADVICE: ReadonlyMap<RefusalReason, string> = new Map([
  [
    RefusalReason.CpuRelocation,
    'If the weights of the template itself are not used, remove cpuRelocation and run again.',
  ],
  [RefusalReason.ModelNotInView, 'Build and compile the model inside strategy.scope() where it is created.'],
  [RefusalReason.EvaluationOrder, 'Move the code that builds the model next to the call that wraps it, and run again.'],
  [
    RefusalReason.TemplateUsedSeparately,
    'Use one model for training and for saving. Under a strategy, they are the same object.',
  ],
  [RefusalReason.DynamicArguments, 'Pass the model and the devices as plain arguments and run again.'],
  [
    RefusalReason.NotCalledDirectly,
    'Call the function directly in the file that imports it, or rewrite this use by hand.',
  ],
  [RefusalReason.NameCollision, 'Rename one of the two variables and run again.'],
  [
    RefusalReason.AlreadyInScope,
    'Build the model inside the scope of that strategy, and remove the call that wraps it.',
  ],
  [RefusalReason.MeaningChanged, 'Read the note on this API and rewrite the call by hand.'],
  [RefusalReason.NoReplacement, 'Read the note on this API. The code needs a new design.'],
  [
    RefusalReason.ConditionNotProved,
    'Make the condition visible at the call, for example with a literal argument, or rewrite the call by hand.',
  ],
  [RefusalReason.OverlappingEdit, 'Apply the first change, then run again.'],
  [
    RefusalReason.CompileNotInView,
    'Create the optimizer and compile the model inside model.distribute_strategy.scope().',
  ],
  [RefusalReason.WrappedInLoop, 'Build, wrap and compile each model in the same iteration, then run again.'],
  [
    RefusalReason.CallersNotInView,
    'Run on the whole project, so that mirrorscope sees every caller, or build the model in the scope by hand.',
  ],
  [RefusalReason.BlockedByAnotherUse, 'Rewrite the use that the message names by hand, then run again.'],
  [RefusalReason.SharedLine, 'Put each statement on its own line and run again.'],
]);
