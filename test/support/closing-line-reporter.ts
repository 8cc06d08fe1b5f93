/**
 * Ends a test run with one plain line, `N passed, N failed`, and says when tests that need
 * TensorFlow or a PJRT plugin were skipped. With MIRRORSCOPE_REQUIRE_ENGINE set, such a skip fails the run.
 */
import { type Reporter, type TestModule } from 'vitest/node';

const ENGINE_FOLDERS = [
  'test/runtime/tensorflow/',
  'test/runtime/backend/',
  'test/runtime/node/',
  'test/runtime/trace/',
  'test/codemods/python-verify/',
  'test/verify/',
  'test/weights/',
];

const PJRT_FOLDERS = ['test/runtime/pjrt/', 'test/runtime/engines/pjrt/'];

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  engineSkipped: number;
  pjrtSkipped: number;
}

function count(modules: readonly TestModule[]): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0, engineSkipped: 0, pjrtSkipped: 0 };
  for (const module of modules) {
    const path = module.moduleId.replaceAll('\\', '/');
    const needsEngine = ENGINE_FOLDERS.some((folder) => path.includes(folder));
    const needsPjrt = PJRT_FOLDERS.some((folder) => path.includes(folder));
    let seen = 0;
    for (const test of module.children.allTests()) {
      seen += 1;
      const { state } = test.result();
      if (state === 'passed') counts.passed += 1;
      else if (state === 'failed') counts.failed += 1;
      else {
        counts.skipped += 1;
        if (needsEngine) counts.engineSkipped += 1;
        if (needsPjrt) counts.pjrtSkipped += 1;
      }
    }
    // A module that fails to load has no tests to count, yet it must never look like success.
    if (seen === 0 && module.state() === 'failed') counts.failed += 1;
  }
  return counts;
}

export class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = count(modules);
    counts.failed += unhandledErrors.length;
    if (counts.engineSkipped > 0) {
      console.log(
        `\n${counts.engineSkipped} tests of the TensorFlow engine were skipped: no TensorFlow library was found. ` +
          'Run `npm run setup` (needs python3 and pip).',
      );
      if (process.env['MIRRORSCOPE_REQUIRE_ENGINE']) process.exitCode = 1;
    }
    if (counts.pjrtSkipped > 0) {
      console.log(
        `\n${counts.pjrtSkipped} tests of XLA were skipped: no PJRT plugin was found. ` +
          'Run `npm run setup` (needs python3 and pip, on Linux with x86-64).',
      );
      if (process.env['MIRRORSCOPE_REQUIRE_ENGINE']) process.exitCode = 1;
    }
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    console.log(`\n${counts.passed} passed, ${counts.failed} failed${skipped}`);
  }
}
