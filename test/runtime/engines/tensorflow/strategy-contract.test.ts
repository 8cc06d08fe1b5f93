/**
 * What strategies promise, held to on TensorFlow's devices: tests that otherwise run on the logical engine. All of them, and those of
 * training: `npm run test:engines`.
 */
import { describe } from 'vitest';

import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';

// Read by the tests when they are imported.
process.env['MIRRORSCOPE_TEST_ENGINE'] = 'tensorflow';

describe.skipIf(locateTensorFlow().files === undefined)('on TensorFlow', () => {
  describe('run', async () => void (await import('../../distribute/run.test.js')));
  describe('scope', async () => void (await import('../../distribute/scope.test.js')));
  describe('context', async () => void (await import('../../distribute/context.test.js')));
  describe('input', async () => void (await import('../../distribute/input.test.js')));
  describe('errors of replicas', async () => void (await import('../../layers/replica-errors.test.js')));
});
