/**
 * `npm run bench -- all-reduce [--rounds=7] [--largest=256]`: how fast traced steps all-reduce 1 KB to 256 MB on 2 and
 * on 4 logical devices, as a share of the bandwidth that a large copy reaches in the same run; then many tensors in one
 * pack against one collective per tensor. Prints medians; docs/benchmarks/all-reduce.md keeps the last ones. Needs
 * dist/ and TensorFlow.
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { interleave } from '../interleave.js';

import { prepareCopy } from './copy-bandwidth.js';
import { AllReduceFactory, MEBIBYTE } from './prepare-all-reduce.js';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, largest: { type: 'string', default: '256' } },
});
const ROUNDS = Number(options.rounds);
const LARGEST = Number(options.largest) * MEBIBYTE;
const TENSORS = 64;
const DEVICE_COUNTS = [2, 4];
const SIZES = [1 / 1024, 1 / 64, 1 / 4, 1, 4, 16, 64, 256].map((size) => size * MEBIBYTE);
const PACKED_SIZES = [1 / 16, 1, 16, 64].map((size) => size * MEBIBYTE);

/**
 * Writes a size for a person.
 * @param {number} bytes - A multiple of 1024.
 * @returns {string} The size with its unit.
 */
const sizeName = (bytes) => (bytes >= MEBIBYTE ? `${bytes / MEBIBYTE} MB` : `${bytes / 1024} KB`);

const factory = new AllReduceFactory();
const copy = prepareCopy(factory.executor, Math.min(LARGEST, 256 * MEBIBYTE));
console.log('| size | 2 devices: share of copy bandwidth | ms | 4 devices: share | ms |');
console.log('|---|---|---|---|---|');
for (const bytes of SIZES.filter((size) => size <= LARGEST)) {
  const sides = DEVICE_COUNTS.map((devices) => ({ devices, allReduce: factory.prepare({ devices, bytes }) }));
  const medians = await interleave(
    new Map([
      ['copy', copy],
      ...sides.map(({ devices, allReduce }) => /** @type {const} */ ([String(devices), allReduce.sample])),
    ]),
    ROUNDS,
  );
  const cells = DEVICE_COUNTS.map((devices) => {
    const seconds = medians.of(String(devices));
    // Each device must at least read its own tensor and write the sum.
    const share = (2 * devices * bytes) / seconds / medians.of('copy');
    return `${share.toFixed(3)} | ${(seconds * 1000).toFixed(2)}`;
  });
  console.log(`| ${sizeName(bytes)} | ${cells.join(' | ')} |`);
  for (const { allReduce } of sides) allReduce.dispose();
}

console.log('');
console.log(`| ${TENSORS} tensors of together | one collective per tensor / one pack, 2 devices | 4 devices |`);
console.log('|---|---|---|');
for (const bytes of PACKED_SIZES.filter((size) => size <= LARGEST)) {
  const ratios = [];
  for (const devices of DEVICE_COUNTS) {
    const size = { devices, bytes, count: TENSORS };
    const [single, packed] = [factory.prepare({ ...size, bytesPerPack: 1 }), factory.prepare(size)];
    const medians = await interleave(
      new Map([
        ['single', single.sample],
        ['packed', packed.sample],
      ]),
      ROUNDS,
    );
    single.dispose();
    packed.dispose();
    ratios.push(medians.of('single') / medians.of('packed'));
  }
  console.log(`| ${sizeName(bytes)} | ${ratios.map((ratio) => ratio.toFixed(2)).join(' | ')} |`);
}

const load = loadavg()
  .map((value) => value.toFixed(1))
  .join(', ');
console.log('');
console.log(
  `TensorFlow ${factory.context.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, load ${load}, medians of ${ROUNDS} rounds; ` +
    `copy ${(copy() / 1e9).toFixed(1)} GB/s read and written.`,
);
