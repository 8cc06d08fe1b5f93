/** The proof for each type of receiver. Data only. */
import type { PythonReceiverType } from '../../../../catalogue/catalogue-entry.js';
import type { ReceiverProof } from './receiver-proof.js';

import { isModel } from './model.js';
import { isOptimizer } from './optimizer.js';
import { isStrategy } from './strategy.js';

export const RECEIVER_PROOFS: Readonly<Record<PythonReceiverType, ReceiverProof>> = {
  strategy: isStrategy,
  model: isModel,
  optimizer: isOptimizer,
};
