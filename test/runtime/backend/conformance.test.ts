/** tfjs-core's own test suite on the built backend, as `npm run conformance` runs it. Needs dist/. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { expect, it } from 'vitest';

import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

interface ConformanceReport {
  readonly run: number;
  readonly passed: number;
  readonly excluded: number;
  readonly excludedNames: number;
}

const script = fileURLToPath(new URL('../../../scripts/conformance/conformance.js', import.meta.url));
const conformance = (...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', timeout: 300_000, maxBuffer: 2 ** 28 });

describeWithTensorFlow('conformance', () => {
  it('passes tfjs-core’s suite, with fewer exclusions than tfjs-node', { timeout: 320_000 }, () => {
    const { status, stdout } = conformance('--json');
    const report = JSON.parse(stdout.trim().split('\n').at(-1) as string) as ConformanceReport;
    expect(stdout.split('\n').filter((line) => /^(FAILED|PASSES|UNKNOWN)/.test(line))).toEqual([]);
    expect(status).toBe(0);
    expect(report.run).toBeGreaterThan(4000);
    expect(report.passed).toBe(report.run);
    expect(report.excludedNames).toBeLessThan(91);
  });

  it('fails when an excluded spec passes', () => {
    const { status, stdout } = conformance('--grep', 'sigmoid', '--exclude', 'sigmoid mirrorscope {} basic');
    expect(stdout).toContain('PASSES  sigmoid mirrorscope {} basic');
    expect(status).toBe(1);
  });
});
