/**
 * Runs the tests of strategies, which otherwise run on the logical engine, on TensorFlow's devices. `npm run
 * test:engines` runs all of them, and those of training.
 */
import { describe } from 'vitest';

import { locateTensorFlow } from '../../../../src/runtime/tensorflow/locate.js';

// The tests read it when they are imported.
process.env['MIRRORSCOPE_TEST_ENGINE'] = 'tensorflow';

describe.skipIf(locateTensorFlow().files === undefined)('on TensorFlow', () => {
  describe('run', async () => {
    await import('../../distribute/run.test.js');
  });
  describe('optimizers', async () => {
    await import('../../distribute/optimizer-slots.test.js');
  });
  describe('scope', async () => {
    await import('../../distribute/scope.test.js');
  });
  describe('context', async () => {
    await import('../../distribute/context.test.js');
  });
  describe('input', async () => {
    await import('../../distribute/input.test.js');
  });
  describe('errors of replicas', async () => {
    await import('../../layers/replica-errors.test.js');
  });
});
