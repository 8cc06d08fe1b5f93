/** Refusals that need no look at the code around. Data only. */
import { RefusalReason } from '../../refusal-reason.js';

import { type Refusal, refuse } from './refusal.js';

export const NOT_CALLED: Refusal = refuse(
  RefusalReason.NotCalledDirectly,
  'it is passed around or exported rather than called',
);

export const EVALUATED_TWICE: Refusal = refuse(
  RefusalReason.EvaluationOrder,
  'the condition would be evaluated twice, and what it calls may have effects',
);
