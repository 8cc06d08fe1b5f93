/**
 * Skips suites on machines without TensorFlow's library. The closing line of the test run reports the skips; with
 * MIRRORSCOPE_REQUIRE_ENGINE set, they fail the run.
 */
import { describe } from 'vitest';

import { locateTensorFlow } from '../../../src/runtime/tensorflow/locate.js';

/** TensorFlow's library; undefined if this machine has none. */
export const TENSORFLOW_FILES = locateTensorFlow().files;

/** Declares a suite that runs only with TensorFlow. */
export const describeWithTensorFlow = describe.skipIf(TENSORFLOW_FILES === undefined);
