/** Why a wrap stays as it is; a value that the planning functions return, so that nothing is half planned. */
import type { RefusalReason } from '../../refusal-reason.js';

export interface Refusal {
  readonly refused: RefusalReason;
  /** Continues the sentence "multiGpuModel is left as it is: …". */
  readonly because: string;
}

export function refuse(refused: RefusalReason, because: string): Refusal {
  return { refused, because };
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'refused' in value;
}
