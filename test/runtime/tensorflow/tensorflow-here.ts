/**
 * Whether TensorFlow's library is on this machine. Suites that need it are skipped without it, and the run's closing
 * line says so; with MIRRORSCOPE_REQUIRE_ENGINE set, that fails the run.
 */
import { describe } from 'vitest';

import { locateTensorFlow } from '../../../src/runtime/tensorflow/locate.js';

export const TENSORFLOW_FILES = locateTensorFlow().files;

/** A suite that runs where TensorFlow is. */
export const describeWithTensorFlow = describe.skipIf(TENSORFLOW_FILES === undefined);
