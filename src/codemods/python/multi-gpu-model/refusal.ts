/** The way a plan gives up: thrown inside the planner, turned into a finding at its edge. */
import type { RefusalReason } from '../../refusal-reason.js';

/** Why a place stays as it is. Never leaves the planner. */
export class Refusal extends Error {
  constructor(
    readonly reason: RefusalReason,
    readonly detail: string,
  ) {
    super(detail);
  }
}
