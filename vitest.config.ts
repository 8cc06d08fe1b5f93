import { defineConfig } from 'vitest/config';

import { builtThreads } from './test/support/built-threads.js';
import { ClosingLineReporter } from './test/support/closing-line-reporter.js';

export default defineConfig({
  plugins: [builtThreads()],
  test: {
    include: ['test/**/*.test.ts'],
    // Child processes: the native library and the built binary are exercised for real.
    pool: 'forks',
    maxWorkers: 2,
    // Tests of the TensorFlow engine ask for it by name.
    env: { MIRRORSCOPE_ENGINE: 'logical' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default', new ClosingLineReporter()],
  },
});
