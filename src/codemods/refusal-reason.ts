/**
 * Why a place was left as it is. One enum for every language; docs/refusals.md has a section for
 * each value and `refusal-advice-table.ts` a line of advice.
 */
export enum RefusalReason {
  /** `cpuRelocation` makes the wrapped model a clone that shares no weights with its template. */
  CpuRelocation = 'cpu-relocation',
  /** The statement that builds the model is not in view. */
  ModelNotInView = 'model-not-in-view',
  /** Moving the statements into the scope would change the order in which effects happen. */
  EvaluationOrder = 'evaluation-order',
  /** Template and parallel model are used as two different models. */
  TemplateUsedSeparately = 'template-used-separately',
  /** The call takes spread or computed arguments. */
  DynamicArguments = 'dynamic-arguments',
  /** The function is passed around, stored or re-exported rather than called. */
  NotCalledDirectly = 'not-called-directly',
  /** A rename would collide with another binding. */
  NameCollision = 'name-collision',
  /** The call already stands inside the scope of a strategy. */
  AlreadyInScope = 'already-in-scope',
  /** The replacement means something else in a way that cannot be checked here. */
  MeaningChanged = 'meaning-changed',
  /** There is no replacement that a tool can write. */
  NoReplacement = 'no-replacement',
  /** The fix holds under a condition that is not proved at this site. */
  ConditionNotProved = 'condition-not-proved',
  /** Another planned edit touches the same text. */
  OverlappingEdit = 'overlapping-edit',
  /** The statement that compiles the model, or what makes its optimizer, is not in view. */
  CompileNotInView = 'compile-not-in-view',
  /** The wrap stands in a loop that does not build the model, or the model is kept in a collection. */
  WrappedInLoop = 'wrapped-in-loop',
  /** The model comes in from callers that are not all in view. */
  CallersNotInView = 'callers-not-in-view',
  /** Statements share a line in a way that cannot be taken apart. */
  SharedLine = 'shared-line',
}
