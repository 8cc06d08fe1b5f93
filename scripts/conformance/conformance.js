/**
 * Runs tfjs-core's published test suite against the `mirrorscope` backend: `npm run conformance [-- --grep text]`.
 * Prints specs run, passed and excluded; fails on any failure, and on an excluded spec that passes.
 * Reads dist/ (built before), node_modules and the installed TensorFlow.
 */
import { writeFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { parseArgs } from 'node:util';

import { EXCLUDED_SPECS } from './excluded-specs.js';

const { values: options } = parseArgs({
  options: {
    grep: { type: 'string', default: '' },
    report: { type: 'string' },
    json: { type: 'boolean', default: false },
    exclude: { type: 'string', multiple: true, default: [] },
    distribution: { type: 'string', default: '../../dist' },
  },
});

register('./extensionless-imports.js', import.meta.url);
// The suite's helper is an ES module that also calls require; all that it wants of an old jasmine-core is a place for a timeout.
const nodeRequire = createRequire(import.meta.url);
globalThis.require = Object.assign(
  (name) => (name.startsWith('jasmine-core/') ? { core: () => ({}) } : nodeRequire(name)),
  {
    resolve: nodeRequire.resolve,
  },
);

const { default: Jasmine } = await import('jasmine');
const runner = new Jasmine();
runner.exitOnCompletion = false;
const environment = runner.env;
environment.configure({ random: false, forbidDuplicateNames: false, hideDisabled: true });

const { registerBackend, session, BACKEND_NAME } = await import(`${options.distribution}/runtime/backend/index.js`);
registerBackend();
const suite = (file) => import(`@tensorflow/tfjs-core/dist/${file}.js`);
await suite('public/chained_ops/register_all_chained_ops');
await suite('register_all_gradients');
const { setTestEnvs } = await suite('jasmine_util');
setTestEnvs([{ name: 'mirrorscope', backendName: BACKEND_NAME, flags: {}, isDataSync: true }]);
await suite('tests');

const excludedSpecs = [
  ...EXCLUDED_SPECS,
  ...options.exclude.map((name) => ({ name, reason: 'asked for on the command line' })),
];
const matchesOf = (name) => excludedSpecs.filter((entry) => name.includes(entry.name));
environment.configure({ specFilter: (spec) => spec.getFullName().includes(options.grep) });

const outcome = { run: 0, passed: 0, failed: [], excluded: 0, excludedPassing: [], pending: 0 };
const seen = new Set();
runner.clearReporters();
runner.addReporter({
  specDone(result) {
    if (result.status === 'excluded') return;
    if (result.status === 'pending') {
      outcome.pending++;
      return;
    }
    const passed = result.status === 'passed';
    const entries = matchesOf(result.fullName);
    if (entries.length > 0) {
      for (const entry of entries) seen.add(entry);
      outcome.excluded++;
      if (passed) outcome.excludedPassing.push(result.fullName);
      return;
    }
    outcome.run++;
    if (passed) outcome.passed++;
    else
      outcome.failed.push({
        name: result.fullName,
        messages: result.failedExpectations.map(({ message, stack }) => ({ message, stack })),
      });
  },
});
await runner.execute();

const unknown = options.grep === '' ? excludedSpecs.filter((entry) => !seen.has(entry)) : [];
for (const { name, messages } of outcome.failed) {
  console.log(`FAILED  ${name}`);
  for (const { message } of messages.slice(0, 1))
    console.log(`        ${String(message).split('\n')[0].slice(0, 300)}`);
}
for (const name of outcome.excludedPassing) console.log(`PASSES  ${name}: take it off the exclude list`);
for (const { name } of unknown) console.log(`UNKNOWN ${name}: no spec has this name`);
if (options.report) writeFileSync(options.report, JSON.stringify(outcome, null, 1));
console.log(
  `TensorFlow ${session.context.version}: ${outcome.run} specs run, ${outcome.passed} passed, ${outcome.failed.length} failed; ` +
    `${outcome.excluded} specs excluded by ${excludedSpecs.length} names; ${outcome.pending} marked pending by the suite`,
);
if (options.json) {
  console.log(
    JSON.stringify({
      run: outcome.run,
      passed: outcome.passed,
      excluded: outcome.excluded,
      excludedNames: excludedSpecs.length,
    }),
  );
}
process.exitCode =
  outcome.failed.length + outcome.excludedPassing.length + unknown.length === 0 && outcome.run > 0 ? 0 : 1;
