/** Why the migration `tfjs-node` leaves a file untouched, in the user's terms. Each message is a sentence of its own. Data only. */
import { Refusal } from '../../refusal.js';
import { RefusalReason } from '../../refusal-reason.js';

import { NEW_BACKEND, REPLACEMENT } from './modules.js';

export const TFJS_NODE_REFUSALS = {
  missingMember: (member: string): Refusal =>
    new Refusal(RefusalReason.NoReplacement, `${REPLACEMENT} has no ${member}.`),
  fileInside: (file: string, packageName: string): Refusal =>
    new Refusal(RefusalReason.NoReplacement, `${file} is a file inside ${packageName}, and nothing replaces it.`),
  typeDeclaration: (packageName: string): Refusal =>
    new Refusal(
      RefusalReason.NoReplacement,
      `This declares types for ${packageName}; declare them for @tensorflow/tfjs or ${REPLACEMENT}.`,
    ),

  possibleBackendName: new Refusal(
    RefusalReason.MeaningChanged,
    `This may be the name of a backend, and the backend of ${REPLACEMENT} is called '${NEW_BACKEND}'.`,
  ),
  backendObject: new Refusal(
    RefusalReason.MeaningChanged,
    `tf.backend() returns the backend itself, and the backend of ${REPLACEMENT} has other members.`,
  ),
  replacedExport: new Refusal(
    RefusalReason.MeaningChanged,
    `This replaces an export of the module, and ${REPLACEMENT} is an ES module, whose exports are read-only.`,
  ),
  loadedInJest: (packageName: string): Refusal =>
    new Refusal(
      RefusalReason.MeaningChanged,
      `Jest loads ${packageName} here, and its require cannot load an ES module, which ${REPLACEMENT} is.`,
    ),
  resolvedPath: (packageName: string): Refusal =>
    new Refusal(
      RefusalReason.MeaningChanged,
      `This looks up where ${packageName} is installed; the path of ${REPLACEMENT} does not lead to a TensorFlow library.`,
    ),
  packageChoice: new Refusal(
    RefusalReason.MeaningChanged,
    `This file chooses between CPU and GPU by the package; ${REPLACEMENT} uses the GPUs that TensorFlow finds, unless config.setVisibleDevices hides them.`,
  ),

  computedName: new Refusal(
    RefusalReason.ConditionNotProved,
    `The package to load is only known when the program runs; ${REPLACEMENT} replaces both packages.`,
  ),
} as const;
