/** Why a call is left as it is: a value that finders and planners return, never an exception. Pure. */
import type { RefusalReason } from './refusal-reason.js';

/** A reason to leave a call untouched, with the sentence that the report shows. */
export class Refusal {
  /**
   * @param reason - The kind of obstacle; decides the advice and the section of docs/refusals.md.
   * @param message - Continues the sentence "`multi_gpu_model` is left as it is: …".
   */
  constructor(
    readonly reason: RefusalReason,
    readonly message: string,
    /** The code that is the obstacle, where it is not the call itself. */
    readonly obstacle?: { readonly range: readonly [start: number, end: number] },
  ) {}

  /** The same refusal because of this code. */
  at(obstacle: NonNullable<Refusal['obstacle']>): Refusal {
    return new Refusal(this.reason, this.message, obstacle);
  }
}

/** Whether a planning function refused. */
export function isRefusal(value: unknown): value is Refusal {
  return value instanceof Refusal;
}
