/**
 * `npm run conformance [-- --grep TEXT] [--exclude NAME] [--report FILE] [--record-calls FILE] [--json]`: runs tfjs-core's published test
 * suite on the `mirrorscope` backend. Fails when a spec fails, and when an excluded spec passes. Needs dist/ and
 * TensorFlow.
 */
import { writeFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';
import { parseArgs } from 'node:util';

import Jasmine from 'jasmine';

import { EXCLUDED_SPECS } from './excluded-specs-table.js';
import { SuiteOutcome } from './suite-outcome.js';

const { values: options } = parseArgs({
  options: {
    grep: { type: 'string', default: '' },
    report: { type: 'string' },
    'record-calls': { type: 'string' },
    json: { type: 'boolean', default: false },
    exclude: { type: 'string', multiple: true, default: [] },
  },
});

register('./extensionless-imports.js', import.meta.url);
// The suite's helper is an ES module that calls require() to set a timeout in an old jasmine-core.
const nodeRequire = createRequire(import.meta.url);
/** @param {string} name - What to load. */
const suiteRequire = (name) =>
  /** @type {unknown} */ (name.startsWith('jasmine-core/') ? { core: () => ({}) } : nodeRequire(name));
Reflect.set(globalThis, 'require', Object.assign(suiteRequire, { resolve: nodeRequire.resolve }));

const runner = new Jasmine();
runner.exitOnCompletion = false;
runner.env.configure({ random: false, forbidDuplicateNames: false, hideDisabled: true });

// Loaded only now: these modules need the globals and the hook from above.
const { BACKEND_NAME, registerBackend, session } = await import('../../dist/runtime/backend/index.js');
registerBackend();
const { CallRecorder } = await import('../fuzz-kernels/call-recorder.js');
const recorder = options['record-calls'] === undefined ? undefined : new CallRecorder(BACKEND_NAME);
await import('@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js');
await import('@tensorflow/tfjs-core/dist/register_all_gradients.js');
const { setTestEnvs } = await import('@tensorflow/tfjs-core/dist/jasmine_util.js');
setTestEnvs([{ name: 'mirrorscope', backendName: BACKEND_NAME, flags: {}, isDataSync: true }]);
await import('@tensorflow/tfjs-core/dist/tests.js');

const excludedSpecs = [
  ...EXCLUDED_SPECS,
  ...options.exclude.map((name) => ({ name, reason: 'excluded on the command line' })),
];
runner.env.configure({ specFilter: (spec) => spec.getFullName().includes(options.grep) });
const outcome = new SuiteOutcome(excludedSpecs);
runner.clearReporters();
runner.addReporter({
  specDone(result) {
    outcome.add(result);
  },
});
await runner.execute();

if (options.report !== undefined) writeFileSync(options.report, JSON.stringify(outcome, null, 1));
if (options['record-calls'] !== undefined) {
  const lines = recorder?.calls.map((call) => JSON.stringify(call)) ?? [];
  writeFileSync(options['record-calls'], `[\n${lines.join(',\n')}\n]\n`);
}
const isSuccess = outcome.print(`TensorFlow ${session.context.version}`, options.grep === '');
if (options.json) {
  const { run, passed, excluded } = outcome;
  console.log(JSON.stringify({ run, passed, excluded, excludedNames: excludedSpecs.length }));
}
process.exitCode = isSuccess ? 0 : 1;
