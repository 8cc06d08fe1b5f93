/** Says that a program cannot be written in StableHLO. The engine then runs the step on the other engine. */

/** An op, or a use of one, that has no lowering. */
export class NoLoweringError extends Error {
  override readonly name = 'NoLoweringError';
  /** What has no lowering, in words that follow `because XLA runs no`. */
  readonly subject: string;

  /** @param subject - The op, or what it is used with. */
  constructor(subject: string) {
    super(`There is no StableHLO for ${subject}.`);
    this.subject = subject;
  }
}
