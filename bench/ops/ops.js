/**
 * `npm run bench -- ops`: what one eager op costs, and training steps without tracing. Prints ratios: against the raw C
 * call, tfjs's `cpu` backend, and eager Python TensorFlow on the same library. Interleaved rounds, medians. Needs dist/.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs');
require('@tensorflow/tfjs-backend-wasm');
const { useBackend, session, BACKEND_NAME } = await import('../../dist/runtime/backend/index.js');
const { NO_ATTRIBUTES } = await import('../../dist/runtime/tensorflow/attributes.js');

const here = dirname(fileURLToPath(import.meta.url));
const ROUNDS = 7;
const BATCH = 32;

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

function microseconds(run, calls) {
  const start = performance.now();
  for (let index = 0; index < calls; index++) run();
  return ((performance.now() - start) / calls) * 1000;
}

/** Runs every contender once a round, so that a busy machine slows all of them. */
async function interleave(contenders) {
  const samples = new Map([...contenders.keys()].map((name) => [name, []]));
  for (let round = -1; round < ROUNDS; round++) {
    for (const [name, run] of contenders) {
      const sample = await run();
      if (round >= 0) samples.get(name).push(sample);
    }
  }
  return new Map([...samples].map(([name, values]) => [name, median(values)]));
}

function compileRawCall() {
  const folder = mkdtempSync(join(tmpdir(), 'raw-call-'));
  const program = join(folder, 'raw_call');
  const { status } = spawnSync(process.env.CC ?? 'cc', ['-O2', '-o', program, join(here, 'raw_call.c'), '-ldl']);
  return { folder, program: status === 0 ? program : undefined };
}

function startPython() {
  const python = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
  if (!existsSync(python)) return undefined;
  const child = spawn(python, [join(here, 'python_eager.py')], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ready: lines.next().then(({ value }) => value),
    ask: async (question) => {
      child.stdin.write(`${question}\n`);
      return Number((await lines.next()).value);
    },
    end: () => child.stdin.end(),
  };
}

const MODELS = {
  mlp: () => {
    const model = tf.sequential();
    model.add(tf.layers.dense({ inputShape: [784], units: 128, activation: 'relu' }));
    model.add(tf.layers.dense({ units: 10, activation: 'softmax' }));
    return { model, shape: [784] };
  },
  cnn: () => {
    const model = tf.sequential();
    model.add(tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 16, kernelSize: 3, activation: 'relu' }));
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
    model.add(tf.layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }));
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
    model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ units: 10, activation: 'softmax' }));
    return { model, shape: [28, 28, 1] };
  },
};

async function prepareTraining(name, backend) {
  await tf.setBackend(backend);
  const { model, shape } = MODELS[name]();
  const optimizer = tf.train.adam(1e-3);
  const x = tf.randomUniform([BATCH, ...shape], 0, 1, 'float32', 1);
  const y = tf.oneHot(tf.randomUniform([BATCH], 0, 10, 'int32', 2), 10).toFloat();
  const step = () => optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, model.predict(x)), true);
  return async (steps) => {
    await tf.setBackend(backend);
    const start = performance.now();
    for (let index = 0; index < steps; index++) {
      const loss = tf.tidy(step);
      if (index === steps - 1) await loss.data();
      loss.dispose();
    }
    return (performance.now() - start) / steps;
  };
}

/** A contender a hundred times slower: two samples of one step are enough, and repeated in the other rounds. */
function sampledTwice(run) {
  const samples = [];
  return async () => {
    if (samples.length < 2) samples.push(await run(1));
    return samples.at(-1);
  };
}

async function benchDispatch() {
  const backend = useBackend();
  const { executor } = session;
  const { api } = executor.context;
  const x = tf.tensor1d([1, 2, 3, 4]);
  const handle = backend.handleOf(x);
  const status = executor.context.status.pointer;
  const outputs = api.memory.block(8);
  const count = api.memory.block(8);
  const name = api.memory.constantString('AddV2');
  const op = api.TFE_NewOp(executor.context.pointer, name, status);
  const raw = () => {
    api.TFE_OpReset(op, name, 0, status);
    api.TFE_OpAddInput(op, handle.pointer, status);
    api.TFE_OpAddInput(op, handle.pointer, status);
    count.int32[0] = 1;
    api.TFE_Execute(op, outputs.address, count.address, status);
    api.TFE_DeleteTensorHandle(outputs.pointerAt(0));
  };
  const { folder, program } = compileRawCall();
  const [framework, main] = session.located.files.paths;
  const contenders = new Map();
  if (program)
    contenders.set('C', () =>
      Number(
        execFileSync(program, [framework, main, '50000'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
      ),
    );
  contenders.set('raw calls', () => microseconds(raw, 20_000));
  contenders.set('executor', () =>
    microseconds(() => executor.execute1('AddV2', NO_ATTRIBUTES, [handle, handle]).dispose(), 20_000),
  );
  contenders.set('tf.add', () => microseconds(() => tf.add(x, x).dispose(), 20_000));
  const medians = await interleave(contenders);
  rmSync(folder, { recursive: true, force: true });
  console.log('One small op (add of 4 numbers), microseconds a call:');
  for (const [label, value] of medians) console.log(`  ${label.padEnd(10)} ${value.toFixed(2)}`);
  const base = medians.get('C') ?? medians.get('raw calls');
  const baseName = program ? 'the same calls from C' : 'the raw calls through koffi (no C compiler here)';
  console.log(
    `  dispatch is ${(medians.get('executor') / base).toFixed(2)}× ${baseName} (goal: at most 3×); tf.add with tfjs's engine on top is ${(medians.get('tf.add') / base).toFixed(2)}×`,
  );
  const javascript = (medians.get('executor') - base) / medians.get('tf.add');
  console.log(
    `  of tf.add's time, ${(javascript * 100).toFixed(0)}% is our dispatch, ${((1 - medians.get('executor') / medians.get('tf.add')) * 100).toFixed(0)}% tfjs's engine and our kernel table, the rest TensorFlow`,
  );
}

async function benchTraining() {
  const python = startPython();
  const version = python ? await python.ready : undefined;
  for (const [model, steps] of [
    ['mlp', 100],
    ['cnn', 20],
  ]) {
    const ours = await prepareTraining(model, BACKEND_NAME);
    const contenders = new Map([['mirrorscope', () => ours(steps)]]);
    contenders.set('tfjs cpu', sampledTwice(await prepareTraining(model, 'cpu')));
    // tfjs's wasm backend has no gradient of convolutions.
    if (model === 'mlp') {
      const wasm = await prepareTraining(model, 'wasm');
      contenders.set('tfjs wasm', () => wasm(steps));
    }
    if (python) contenders.set('Python eager', () => python.ask(`${model} ${steps}`));
    const medians = await interleave(contenders);
    console.log(`Training step, ${model}, batch ${BATCH}, Adam, eager, ms:`);
    for (const [label, value] of medians) {
      const ratio = value / medians.get('mirrorscope');
      console.log(
        `  ${label.padEnd(13)} ${value.toFixed(2)}${label === 'mirrorscope' ? '' : `   mirrorscope is ${ratio.toFixed(1)}× as fast`}`,
      );
    }
  }
  console.log(
    version
      ? `Python: ${version.replace('ready ', 'TensorFlow ')}.`
      : 'Python TensorFlow is not in .venv: not compared.',
  );
  python?.end();
}

await benchDispatch();
await benchTraining();
