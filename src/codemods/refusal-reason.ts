/**
 * Why a deprecated use is left unchanged. One enum for all languages. Each value has a section in docs/refusals.md and
 * a line in `refusal-advice-table.ts`.
 *
 * @example
 * ```ts
 * const elsewhere = result.findings.filter(({ reason }) => reason === RefusalReason.ModelNotInView);
 * ```
 */
export enum RefusalReason {
  /** With `cpuRelocation`, the wrapped model is a clone that shares no weights with its template. */
  CpuRelocation = 'cpu-relocation',
  /** mirrorscope cannot see the statement that builds the model. */
  ModelNotInView = 'model-not-in-view',
  /** Moving the statements into the scope would change the order of side effects. */
  EvaluationOrder = 'evaluation-order',
  /** The template and the parallel model are used as two different models. */
  TemplateUsedSeparately = 'template-used-separately',
  /** The call has spread or computed arguments. */
  DynamicArguments = 'dynamic-arguments',
  /** The function is passed, stored or re-exported instead of called. */
  NotCalledDirectly = 'not-called-directly',
  /** A rename would collide with another variable. */
  NameCollision = 'name-collision',
  /** The call is already inside the scope of a strategy. */
  AlreadyInScope = 'already-in-scope',
  /** The replacement behaves differently, and the code does not show whether that matters. */
  MeaningChanged = 'meaning-changed',
  /** A tool cannot write the replacement. */
  NoReplacement = 'no-replacement',
  /** The fix is only right under a condition that the code does not prove. */
  ConditionNotProved = 'condition-not-proved',
  /** Another change touches the same text. */
  OverlappingEdit = 'overlapping-edit',
  /** mirrorscope cannot see the statement that compiles the model or creates its optimizer. */
  CompileNotInView = 'compile-not-in-view',
  /** The model is wrapped in a loop that does not build it, or it is stored in a collection. */
  WrappedInLoop = 'wrapped-in-loop',
  /** The model comes from callers, and mirrorscope cannot see all of them. */
  CallersNotInView = 'callers-not-in-view',
  /** Another use in the file cannot be rewritten, and both have to change together. */
  BlockedByAnotherUse = 'blocked-by-another-use',
  /** Several statements share a line that cannot be split. */
  SharedLine = 'shared-line',
}
