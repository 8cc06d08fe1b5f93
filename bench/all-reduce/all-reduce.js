/**
 * `npm run bench -- all-reduce [--rounds=7] [--largest=256]`: how fast traced steps all-reduce, from 1 KB to 256 MB, on 2 and on 4
 * logical devices, as a share of the memory bandwidth that a big copy reaches in the same run; and many tensors in one pack against one
 * collective a tensor. Rounds are interleaved, medians are printed. docs/benchmarks/all-reduce.md keeps
 * the last ones. Needs dist/.
 */
import { createRequire } from 'node:module';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const tf = require('@tensorflow/tfjs');
const { MirroredStrategy } = await import('../../dist/runtime/index.js');
const { session } = await import('../../dist/runtime/backend/index.js');
const { EagerExecutor } = await import('../../dist/runtime/tensorflow/eager-executor.js');
const { NO_ATTRIBUTES } = await import('../../dist/runtime/tensorflow/attributes.js');
const { DataTypeCode } = await import('../../dist/runtime/tensorflow/data-types-table.js');
const { makeReplicaFunction } = await import('../../dist/runtime/trace/replica-function.js');
const { loadTfjsCore } = await import('../../dist/runtime/tfjs.js');

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, largest: { type: 'string', default: '256' } },
});
const ROUNDS = Number(options.rounds);
const MEBIBYTE = 1 << 20;
const LARGEST = Number(options.largest) * MEBIBYTE;
const TENSORS = 64;
/** Calls of one sample, so that short ones are not lost in the clock. */
const callsFor = (bytes) => Math.max(1, Math.min(50, Math.round((4 * MEBIBYTE) / bytes)));
/** TensorFlow remembers instance keys: each function uses a few of its own in turn. */
const KEY_GENERATIONS = 8;

new MirroredStrategy({ devices: 4, engine: 'tensorflow' });
const { context } = session;
const place = { tf, backend: tf.backend(), context };
const queues = context.devices
  .filter(({ type }) => type === 'CPU')
  .map((device) => ({ device, executor: new EagerExecutor(context, { device, queue: context.newQueue(true) }) }));

function median(samples) {
  return [...samples].sort((one, other) => one - other)[samples.length >> 1];
}

let groupKey = 1000;
const groupKeys = new Map();
let instanceKey = 100_000;
let functions = 0;

/** A function that sums `count` tensors of `bytes / count` bytes over `devices`, and a call of it on all of them. */
function prepare({ devices, bytes, count = 1, bytesPerPack = 0 }) {
  if (!groupKeys.has(devices)) groupKeys.set(devices, groupKey++);
  const elements = Math.max(1, bytes / count / 4);
  const tensors = Array.from({ length: count }, () => tf.ones([elements]));
  const group = {
    size: devices,
    key: groupKeys.get(devices),
    pairKey: () => 0,
    options: { bytesPerPack, timeoutSeconds: 0, implementation: 'auto' },
  };
  const made = makeReplicaFunction({
    place,
    core: loadTfjsCore(),
    group,
    replica: 0,
    seed: 1,
    data: tensors,
    name: `bench_all_reduce_${functions++}`,
    body: (data, allReduce) => allReduce.sum(data),
  });
  const primary = tensors.map((tensor) => place.backend.handleOf(tensor));
  const inputs = queues
    .slice(0, devices)
    .map(({ device }) => primary.map((handle) => context.copyToDevice(handle, device)));
  const firstKey = instanceKey;
  instanceKey += made.collectives * KEY_GENERATIONS;
  let generation = 0;
  const call = () => {
    const base = firstKey + (generation++ % KEY_GENERATIONS) * made.collectives;
    const key = place.backend.executor.fromHost(Int32Array.of(base), [], DataTypeCode.Int32);
    const outputs = inputs.map((handles, replica) =>
      queues[replica].executor.executeKnown(made.function.name, [...handles, key], made.outputs),
    );
    for (const [first] of outputs) first.wait();
    key.dispose();
    return outputs;
  };
  const check = call();
  for (const handles of check) {
    const sum = place.backend.executor.readSync(handles.at(-1));
    if (sum[0] !== devices || sum.at(-1) !== devices) throw new Error(`The sum over ${devices} devices is ${sum[0]}.`);
  }
  const release = (outputs) => outputs.flat().forEach((handle) => handle.dispose());
  release(check);
  return {
    collectives: made.collectives,
    /** Seconds of one all-reduce. */
    sample() {
      const calls = callsFor(bytes);
      const start = performance.now();
      for (let index = 0; index < calls; index++) release(call());
      return (performance.now() - start) / calls / 1000;
    },
    dispose() {
      inputs.flat().forEach((handle) => handle.dispose());
      tf.dispose(tensors);
      made.dispose();
    },
  };
}

/** A copy of the largest size: bytes read and written a second, by one core's memory copy and by TensorFlow's threads; the better. */
function prepareCopy() {
  const bytes = Math.min(LARGEST, 256 * MEBIBYTE);
  const [from, to] = [new Float32Array(bytes / 4).fill(1), new Float32Array(bytes / 4)];
  const handle = place.backend.executor.fromHost(from, [from.length], DataTypeCode.Float);
  const rate = (run) => {
    const start = performance.now();
    run();
    return (2 * bytes) / ((performance.now() - start) / 1000);
  };
  return () => {
    const byCore = rate(() => to.set(from));
    const byThreads = rate(() => {
      const copy = place.backend.executor.execute1('Neg', NO_ATTRIBUTES, [handle]);
      copy.wait();
      copy.dispose();
    });
    return Math.max(byCore, byThreads);
  };
}

/** Medians of some contenders and of the copy beside them. */
function interleave(contenders, copy) {
  const samples = contenders.map(() => []);
  const copies = [];
  for (let round = -1; round < ROUNDS; round++) {
    const rate = copy();
    const seconds = contenders.map((contender) => contender.sample());
    if (round < 0) continue;
    copies.push(rate);
    seconds.forEach((second, index) => samples[index].push(second));
  }
  return { seconds: samples.map(median), copyRate: median(copies) };
}

const sizeName = (bytes) => (bytes >= MEBIBYTE ? `${bytes / MEBIBYTE} MB` : `${bytes / 1024} KB`);
const print = (line) => console.log(line);

const copy = prepareCopy();
print('| size | 2 devices: share of copy bandwidth | ms | 4 devices: share | ms |');
print('|---|---|---|---|---|');
for (const bytes of [
  1024,
  16 * 1024,
  256 * 1024,
  MEBIBYTE,
  4 * MEBIBYTE,
  16 * MEBIBYTE,
  64 * MEBIBYTE,
  256 * MEBIBYTE,
].filter((size) => size <= LARGEST)) {
  const contenders = [2, 4].map((devices) => prepare({ devices, bytes }));
  const { seconds, copyRate } = interleave(contenders, copy);
  // Each device must at least read its own tensor and write the sum.
  const shares = [2, 4].map((devices, index) => (2 * devices * bytes) / seconds[index] / copyRate);
  const cell = (index) => `${shares[index].toFixed(3)} | ${(seconds[index] * 1000).toFixed(2)}`;
  print(`| ${sizeName(bytes)} | ${cell(0)} | ${cell(1)} |`);
  for (const contender of contenders) contender.dispose();
}

print('');
print(`| ${TENSORS} tensors of together | one collective a tensor / one pack, 2 devices | 4 devices |`);
print('|---|---|---|');
for (const bytes of [64 * 1024, MEBIBYTE, 16 * MEBIBYTE, 64 * MEBIBYTE].filter((size) => size <= LARGEST)) {
  const ratios = [2, 4].map((devices) => {
    const contenders = [1, 0].map((bytesPerPack) => prepare({ devices, bytes, count: TENSORS, bytesPerPack }));
    const { seconds } = interleave(contenders, () => 1);
    for (const contender of contenders) contender.dispose();
    return seconds[0] / seconds[1];
  });
  print(`| ${sizeName(bytes)} | ${ratios.map((ratio) => ratio.toFixed(2)).join(' | ')} |`);
}

const conditions = `TensorFlow ${context.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, load ${loadavg()
  .map((load) => load.toFixed(1))
  .join(', ')}, medians of ${ROUNDS} rounds; copy ${(copy() / 1e9).toFixed(1)} GB/s read and written.`;
print('');
print(conditions);
