/**
 * The ways in which the fuzzer changes a text. Each takes the lines of a text and returns new ones. Most keep a valid
 * program valid, because what does not parse is rejected early and tests little. Data only.
 */

/** @import { Random } from '../semantics/random.js' */

/**
 * @typedef {object} Material What a mutation can use.
 * @property {Random} random - Draws the choices.
 * @property {readonly string[]} other - The lines of another seed.
 * @property {'#' | '//'} comment - How a comment begins.
 */
/** @typedef {(lines: string[], material: Material) => string[]} Mutation */

const PYTHON_STATEMENTS = [
  'pass',
  'import tensorflow as tf',
  'from keras.utils import multi_gpu_model',
  'from keras.utils.training_utils import multi_gpu_model as wrap',
  'model = multi_gpu_model(model, gpus=2)',
  'parallel_model = multi_gpu_model(model, gpus=G)',
  'model.compile(loss="mse", optimizer="sgd")',
  'model.fit_generator(data, steps_per_epoch=n / 4)',
  'K.clear_session()',
  'print "old"',
  'print(model)',
  'del model',
  'global model',
  'model: Model = None',
  'model = parallel = None',
  '(model := None)',
  'f"{model!r:>{width}}"',
  'assert model, "no model"',
  'raise ValueError(model)',
  'lambda: multi_gpu_model(model)',
  'return model',
  'yield model',
  'x = [m for m in models if m is not None]',
  'K.set_value(model.optimizer.lr, 0.1)',
  'model = models[-1]; model.summary()',
  'self.model = model',
  'opt = keras.optimizers.SGD(lr=0.1)',
];

const JAVASCRIPT_STATEMENTS = [
  ';',
  "import * as tf from '@tensorflow/tfjs';",
  "import { multiGpuModel } from 'keras-js';",
  "const { multiGpuModel } = require('keras-js');",
  'model = multiGpuModel(model, 2);',
  'const parallel = multiGpuModel(model, gpus);',
  'model.compile({ loss: "meanSquaredError", optimizer: "sgd" });',
  'await model.fit(x, y);',
  'debugger;',
  'label: for (const m of models) continue label;',
  'x?.model?.compile({});',
  '`${model}`;',
  'if (gpus > 1) model = multiGpuModel(model, gpus);',
  'const y = tf.tensor(x).get(0);',
  'tf.loadModel("file://x").then((m) => m.predict(x));',
  'export { model };',
  'export default model;',
  'delete model.x;',
  'throw new Error(model);',
  'const f = async () => { await model; };',
  '/model/g.test(x);',
  'x = y\n++z',
];

const TOKENS = [
  ...['(', ')', '[', ']', '{', '}', ':', ',', '=', '==', '.', '*', '**', '->', '=>', '@', '\\', "'", '"', '"""'],
  ...[
    '`',
    '${',
    '/*',
    '*/',
    '//',
    '#',
    ';',
    '0',
    '1e400',
    '-1',
    'None',
    'null',
    'model',
    'gpus',
    'tf',
    'keras',
    '__proto__',
  ],
  ...[
    'constructor',
    'async ',
    'await ',
    'lambda ',
    'if ',
    'else ',
    'for ',
    'in ',
    'not ',
    'é',
    '模型',
    '\u{1f600}',
    '\u2028',
  ],
  ...['\uFEFF', '\f', '\t', '\u00a0', '\0', '\r'],
];

/** @param {Random} random @param {number} length */
const indexIn = (random, length) => Math.floor(random.next() * Math.max(1, length));

/** @param {string} line */
const indentationOf = (line) => /^[ \t]*/.exec(line)?.[0] ?? '';

/**
 * A run of lines that lie at least as deep as the first: a statement with its block.
 * @param {readonly string[]} lines
 * @param {number} from
 */
function blockEnd(lines, from) {
  const depth = indentationOf(lines[from] ?? '').length;
  let end = from + 1;
  while (end < lines.length && (lines[end]?.trim() === '' || indentationOf(lines[end] ?? '').length > depth)) end++;
  return end;
}

/** @type {ReadonlyMap<string, Mutation>} */
export const MUTATIONS = new Map(
  /** @type {[string, Mutation][]} */ ([
    ['delete a line', (lines, { random }) => lines.toSpliced(indexIn(random, lines.length), 1)],
    [
      'delete a block',
      (lines, { random }) => {
        const at = indexIn(random, lines.length);
        return lines.toSpliced(at, blockEnd(lines, at) - at);
      },
    ],
    [
      'repeat a block',
      (lines, { random }) => {
        const at = indexIn(random, lines.length);
        const end = blockEnd(lines, at);
        return lines.toSpliced(end, 0, ...lines.slice(at, end));
      },
    ],
    [
      'swap two blocks',
      (lines, { random }) => {
        const first = indexIn(random, lines.length);
        const second = blockEnd(lines, first);
        const end = blockEnd(lines, second);
        return [
          ...lines.slice(0, first),
          ...lines.slice(second, end),
          ...lines.slice(first, second),
          ...lines.slice(end),
        ];
      },
    ],
    [
      'move a line',
      (lines, { random }) => {
        const from = indexIn(random, lines.length);
        const rest = lines.toSpliced(from, 1);
        const to = indexIn(random, rest.length);
        return rest.toSpliced(to, 0, indentationOf(rest[to] ?? '') + (lines[from] ?? '').trimStart());
      },
    ],
    [
      'add a statement',
      (lines, { random, comment }) => {
        const at = indexIn(random, lines.length + 1);
        const statement = random.pick(comment === '#' ? PYTHON_STATEMENTS : JAVASCRIPT_STATEMENTS);
        return lines.toSpliced(at, 0, indentationOf(lines[at] ?? '') + statement);
      },
    ],
    [
      'add a comment line',
      (lines, { random, comment }) => {
        const at = indexIn(random, lines.length + 1);
        return lines.toSpliced(at, 0, `${indentationOf(lines[at] ?? '')}${comment} note ${indexIn(random, 1000)}`);
      },
    ],
    [
      'end a line with a comment',
      (lines, { random, comment }) => {
        const at = indexIn(random, lines.length);
        return lines.with(at, `${lines[at] ?? ''}  ${comment} aside ${indexIn(random, 1000)}`);
      },
    ],
    [
      'take a block from another file',
      (lines, { random, other }) => {
        const from = indexIn(random, other.length);
        const to = indexIn(random, lines.length + 1);
        const indent = indentationOf(lines[to] ?? '');
        const cut = indentationOf(other[from] ?? '').length;
        const block = other
          .slice(from, blockEnd(other, from))
          .map((line) => (line.trim() === '' ? line : indent + line.slice(cut)));
        return lines.toSpliced(to, 0, ...block);
      },
    ],
    ['add another file', (lines, { other }) => [...lines, ...other]],
    ['put another file first', (lines, { other }) => [...other, ...lines]],
    [
      'put a block into a block',
      (lines, { random, comment }) => {
        const at = indexIn(random, lines.length);
        const end = blockEnd(lines, at);
        const indent = indentationOf(lines[at] ?? '');
        const inner = lines.slice(at, end).map((line) => (line.trim() === '' ? line : `  ${line}`));
        const [before, after] =
          comment === '#'
            ? [
                random.pick([
                  'if gpus > 1:',
                  'for i in range(2):',
                  'def f(model, gpus=2):',
                  'class A(object):',
                  'with tf.device("/cpu:0"):',
                  'while True:',
                  'try:',
                ]),
                undefined,
              ]
            : [
                random.pick([
                  'if (gpus > 1) {',
                  'for (const i of [1, 2]) {',
                  'function f(model, gpus = 2) {',
                  'try {',
                  '{',
                  'switch (gpus) { case 1:',
                  'class A { static {',
                ]),
                '}',
              ];
        const closing =
          after === undefined
            ? before === 'try:'
              ? [`${indent}except Exception:`, `${indent}  pass`]
              : []
            : [indent + after];
        return [...lines.slice(0, at), indent + before, ...inner, ...closing, ...lines.slice(end)];
      },
    ],
    [
      'join two lines',
      (lines, { random }) => {
        const at = indexIn(random, lines.length - 1);
        return [
          ...lines.slice(0, at),
          `${lines[at] ?? ''}; ${(lines[at + 1] ?? '').trimStart()}`,
          ...lines.slice(at + 2),
        ];
      },
    ],
    [
      'break a line after a bracket or comma',
      (lines, { random, comment }) => {
        const at = indexIn(random, lines.length);
        const line = lines[at] ?? '';
        const places = [...line.matchAll(/[(,[{]/g)].map(({ index }) => index + 1);
        if (places.length === 0) return lines;
        const place = random.pick(places);
        const tail = random.chance(0.5) ? ` ${comment} broken ${indexIn(random, 1000)}` : '';
        return lines.toSpliced(at, 1, line.slice(0, place) + tail, `    ${line.slice(place)}`);
      },
    ],
    [
      'rename a word',
      (lines, { random }) => {
        const words = [...new Set(lines.join('\n').match(/[A-Za-z_]\w*/g) ?? ['x'])];
        const from = random.pick(words);
        const to = random.chance(0.7)
          ? random.pick(words)
          : random.pick(['model', 'tf', 'strategy', 'self', 'x', 'keras']);
        const everywhere = random.chance(0.6);
        const at = indexIn(random, lines.length);
        const pattern = new RegExp(String.raw`\b${from}\b`, 'g');
        return lines.map((line, index) => (everywhere || index === at ? line.replace(pattern, to) : line));
      },
    ],
    [
      'add a token',
      (lines, { random }) => {
        const at = indexIn(random, lines.length);
        const line = lines[at] ?? '';
        const place = indexIn(random, line.length + 1);
        return lines.with(at, line.slice(0, place) + random.pick(TOKENS) + line.slice(place));
      },
    ],
    [
      'delete characters',
      (lines, { random }) => {
        const at = indexIn(random, lines.length);
        const line = lines[at] ?? '';
        const place = indexIn(random, line.length);
        return lines.with(at, line.slice(0, place) + line.slice(place + 1 + indexIn(random, 4)));
      },
    ],
    [
      'change the indentation',
      (lines, { random }) => {
        const unit = random.pick(['\t', ' ', '   ', '        ']);
        return lines.map((line) =>
          line.replace(/^(?: {2}| {4})+/, (spaces) => unit.repeat(Math.ceil(spaces.length / 4))),
        );
      },
    ],
    ['cut the end off', (lines, { random }) => lines.slice(0, 1 + indexIn(random, lines.length))],
    [
      'blank lines',
      (lines, { random }) => {
        const at = indexIn(random, lines.length + 1);
        return lines.toSpliced(
          at,
          0,
          ...Array.from({ length: 1 + indexIn(random, 3) }, () => random.pick(['', '   ', '\t', '\f'])),
        );
      },
    ],
  ]),
);
