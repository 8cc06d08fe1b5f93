/**
 * Small models drawn by fast-check: layers that fit each other, a way to join them, optimizer, loss, data, batches and
 * replicas. There is no dropout or noise, because a traced step draws them on the device and an eager step on the host.
 */
import type { ModelCase } from './model-cases.js';
import type { TrainingOptions } from './training-outcome.js';

import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';

/** The shape of one example: [features], [steps, features] or [height, width, channels]. */
type Shape = readonly number[];

interface Block {
  readonly name: string;
  /** Whether the layer accepts examples of this shape. */
  accepts(shape: Shape): boolean;
  make(units: number, shape: Shape): tf.layers.Layer[];
}

const isVector = (shape: Shape): boolean => shape.length === 1;
const isSequence = (shape: Shape): boolean => shape.length === 2;
/**
 * TensorFlow.js cannot compute the input gradient of a recurrent layer over one step: its `unstack` fails, on any
 * backend.
 */
const hasSteps = (shape: Shape): boolean => isSequence(shape) && (shape[0] as number) > 1;
const isImage = (shape: Shape): boolean => shape.length === 3;
const isLargeImage = ([height = 0, width = 0, ...rest]: Shape): boolean =>
  rest.length === 1 && height >= 3 && width >= 3;
const any = (): boolean => true;
const l2 = (): ReturnType<typeof tf.regularizers.l2> => tf.regularizers.l2({ l2: 0.02 });

const BLOCKS: readonly Block[] = [
  { name: 'dense tanh', accepts: any, make: (units) => [tf.layers.dense({ units, activation: 'tanh' })] },
  {
    name: 'dense relu',
    accepts: isVector,
    make: (units) => [tf.layers.dense({ units: units + 2, activation: 'relu' })],
  },
  {
    name: 'dense selu, regularized',
    accepts: isVector,
    make: (units) => [tf.layers.dense({ units, activation: 'selu', kernelRegularizer: l2() })],
  },
  {
    name: 'dense of unit norm',
    accepts: isVector,
    make: (units) => [tf.layers.dense({ units, kernelConstraint: tf.constraints.unitNorm({}) })],
  },
  { name: 'dense, frozen', accepts: isVector, make: (units) => [tf.layers.dense({ units, trainable: false })] },
  { name: 'batch normalization', accepts: any, make: () => [tf.layers.batchNormalization({ momentum: 0.8 })] },
  { name: 'layer normalization', accepts: any, make: () => [tf.layers.layerNormalization()] },
  { name: 'prelu', accepts: any, make: () => [tf.layers.prelu()] },
  { name: 'elu', accepts: any, make: () => [tf.layers.elu()] },
  { name: 'leaky relu', accepts: any, make: () => [tf.layers.leakyReLU({ alpha: 0.2 })] },
  { name: 'softmax', accepts: isVector, make: () => [tf.layers.softmax()] },
  { name: 'hard sigmoid', accepts: any, make: () => [tf.layers.activation({ activation: 'hardSigmoid' })] },
  { name: 'repeat', accepts: isVector, make: (units) => [tf.layers.repeatVector({ n: units + 1 })] },
  {
    name: 'reshape to a sequence',
    accepts: isVector,
    make: (_, [features = 1]) => [tf.layers.reshape({ targetShape: [features, 1] })],
  },
  { name: 'lstm', accepts: hasSteps, make: (units) => [tf.layers.lstm({ units })] },
  {
    name: 'lstm, sequences',
    accepts: hasSteps,
    make: (units) => [tf.layers.lstm({ units, returnSequences: true, recurrentRegularizer: l2() })],
  },
  { name: 'gru, backwards', accepts: hasSteps, make: (units) => [tf.layers.gru({ units, goBackwards: true })] },
  { name: 'simple rnn', accepts: hasSteps, make: (units) => [tf.layers.simpleRNN({ units })] },
  {
    name: 'bidirectional gru',
    accepts: hasSteps,
    make: (units) => [tf.layers.bidirectional({ layer: tf.layers.gru({ units }), mergeMode: 'concat' })],
  },
  {
    name: 'time-distributed dense',
    accepts: hasSteps,
    make: (units) => [tf.layers.timeDistributed({ layer: tf.layers.dense({ units }) })],
  },
  {
    name: 'conv1d',
    accepts: isSequence,
    make: (units) => [tf.layers.conv1d({ filters: units, kernelSize: 2, padding: 'same', activation: 'sigmoid' })],
  },
  { name: 'average over steps', accepts: isSequence, make: () => [tf.layers.globalAveragePooling1d({})] },
  { name: 'maximum over steps', accepts: isSequence, make: () => [tf.layers.globalMaxPooling1d({})] },
  { name: 'permute', accepts: isSequence, make: () => [tf.layers.permute({ dims: [2, 1] })] },
  {
    name: 'conv2d',
    accepts: isLargeImage,
    make: (units) => [tf.layers.conv2d({ filters: units, kernelSize: 2, activation: 'relu' })],
  },
  {
    name: 'conv2d, strided',
    accepts: isImage,
    make: (units) => [tf.layers.conv2d({ filters: units, kernelSize: 3, strides: 2, padding: 'same', useBias: false })],
  },
  {
    name: 'depthwise conv2d',
    accepts: isLargeImage,
    make: (units) => [tf.layers.depthwiseConv2d({ kernelSize: 2, depthMultiplier: 1 + (units % 2) })],
  },
  {
    name: 'separable conv2d',
    accepts: isLargeImage,
    make: (units) => [tf.layers.separableConv2d({ filters: units, kernelSize: 2, activation: 'tanh' })],
  },
  { name: 'max pooling', accepts: isLargeImage, make: () => [tf.layers.maxPooling2d({ poolSize: 2 })] },
  { name: 'average pooling', accepts: isLargeImage, make: () => [tf.layers.averagePooling2d({ poolSize: 2 })] },
  { name: 'zero padding', accepts: isImage, make: () => [tf.layers.zeroPadding2d({ padding: 1 })] },
  { name: 'up sampling', accepts: isImage, make: () => [tf.layers.upSampling2d({ size: [2, 2] })] },
  { name: 'average over pixels', accepts: isImage, make: () => [tf.layers.globalAveragePooling2d({})] },
];

/**
 * The optimizers have an epsilon of 1e-3 where they have one. Otherwise a gradient that is 0 except for rounding, such
 * as that of a bias before batch normalization, would cause a whole step.
 */
const OPTIMIZERS = new Map<string, () => tf.Optimizer>([
  ['sgd', () => tf.train.sgd(0.05)],
  ['momentum', () => tf.train.momentum(0.02, 0.8)],
  ['nesterov', () => tf.train.momentum(0.02, 0.8, true)],
  ['adagrad', () => tf.train.adagrad(0.02)],
  ['adadelta', () => tf.train.adadelta(0.05)],
  ['adam', () => tf.train.adam(0.01, 0.9, 0.999, 1e-3)],
  ['adamax', () => tf.train.adamax(0.01, 0.9, 0.999, 1e-3)],
  ['rmsprop', () => tf.train.rmsprop(0.005, 0.9, 0.5, 1e-3)],
  ['centered rmsprop', () => tf.train.rmsprop(0.001, 0.5, 0, -1e-3, true)],
]);

const normal = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed);
const classOf = (rows: number, classes: number): tf.Tensor =>
  tf
    .oneHot(
      tf.tensor1d(
        Array.from({ length: rows }, (_, row) => (row * 5 + 1) % classes),
        'int32',
      ),
      classes,
    )
    .toFloat();

interface Loss {
  readonly activation: 'linear' | 'softmax' | 'sigmoid' | 'tanh';
  readonly loss: unknown;
  targets(rows: number, width: number): tf.Tensor;
}

const LOSSES = new Map<string, Loss>([
  [
    'meanSquaredError',
    { activation: 'linear', loss: 'meanSquaredError', targets: (rows, width) => normal([rows, width], 32) },
  ],
  [
    'meanAbsoluteError',
    { activation: 'linear', loss: 'meanAbsoluteError', targets: (rows, width) => normal([rows, width], 33) },
  ],
  [
    'cosineProximity',
    { activation: 'linear', loss: 'cosineProximity', targets: (rows, width) => normal([rows, width], 34) },
  ],
  ['hinge', { activation: 'tanh', loss: 'hinge', targets: (rows, width) => classOf(rows, width).mul(2).sub(1) }],
  ['categoricalCrossentropy', { activation: 'softmax', loss: 'categoricalCrossentropy', targets: classOf }],
  ['binaryCrossentropy', { activation: 'sigmoid', loss: 'binaryCrossentropy', targets: classOf }],
  [
    'a function',
    {
      activation: 'linear',
      loss: (target: tf.Tensor, output: tf.Tensor) => target.sub(output).abs().add(0.1).pow(1.5).mean(-1),
      targets: (rows, width) => normal([rows, width], 35),
    },
  ],
]);

const INPUTS = new Map<string, readonly number[]>([
  ['vector', [4]],
  ['sequence', [3, 2]],
  ['image', [5, 5, 2]],
  ['words', [4]],
]);
const JOINS = ['sequential', 'two inputs', 'two outputs', 'residual'] as const;

/** Draws the parts of a model. Layers are drawn as numbers, because the layers that fit depend on those before. */
export const drawnModel = fc.record({
  input: fc.constantFrom(...INPUTS.keys()),
  picks: fc.array(fc.record({ block: fc.nat(9999), units: fc.integer({ min: 1, max: 4 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
  join: fc.constantFrom(...JOINS),
  optimizer: fc.constantFrom(...OPTIMIZERS.keys()),
  loss: fc.constantFrom(...LOSSES.keys()),
  width: fc.integer({ min: 2, max: 3 }),
  rows: fc.integer({ min: 1, max: 17 }),
  batchSize: fc.integer({ min: 1, max: 9 }),
  devices: fc.integer({ min: 1, max: 4 }),
});

type Drawn = typeof drawnModel extends fc.Arbitrary<infer Value> ? Value : never;

/** A random model. */
export interface RandomCase {
  readonly modelCase: ModelCase;
  readonly options: TrainingOptions;
  /** Its layers and settings, for failure messages. */
  readonly description: string;
}

/** Applies the picked layers to `start`, one after the other. @returns A vector. */
function stack(start: tf.SymbolicTensor, picks: Drawn['picks'], names: string[]): tf.SymbolicTensor {
  let tensor = start;
  const add = (name: string, layers: readonly tf.layers.Layer[]): void => {
    names.push(name);
    for (const layer of layers) tensor = layer.apply(tensor) as tf.SymbolicTensor;
  };
  for (const { block, units } of picks) {
    const shape = tensor.shape.slice(1) as number[];
    const fitting = BLOCKS.filter((each) => each.accepts(shape));
    const drawn = fitting[block % fitting.length] as Block;
    add(`${drawn.name} (${units})`, drawn.make(units, shape));
  }
  if (tensor.shape.length !== 2) add('flatten', [tf.layers.flatten()]);
  return tensor;
}

function build(drawn: Drawn, loss: Loss, optimizer: tf.Optimizer, names: string[]): tf.LayersModel {
  const { input: kind, picks, join, width } = drawn;
  const input = tf.input({ shape: [...(INPUTS.get(kind) as number[])] });
  const start =
    kind === 'words' ? (tf.layers.embedding({ inputDim: 11, outputDim: 3 }).apply(input) as tf.SymbolicTensor) : input;
  const head = (tensor: tf.SymbolicTensor): tf.SymbolicTensor =>
    tf.layers.dense({ units: width, activation: loss.activation }).apply(tensor) as tf.SymbolicTensor;
  let trunk = stack(start, picks, names);
  const inputs = [input];
  if (join === 'two inputs') {
    const other = tf.input({ shape: [2] });
    inputs.push(other);
    trunk = tf.layers.concatenate().apply([trunk, other]) as tf.SymbolicTensor;
  }
  if (join === 'residual') {
    const same = tf.layers
      .dense({ units: trunk.shape[1] as number, activation: 'tanh' })
      .apply(trunk) as tf.SymbolicTensor;
    trunk = tf.layers.add().apply([trunk, same]) as tf.SymbolicTensor;
  }
  const outputs = join === 'two outputs' ? [head(trunk), head(trunk)] : [head(trunk)];
  const model = tf.model({ inputs, outputs });
  model.compile({ optimizer, loss: outputs.map(() => loss.loss) as never, metrics: ['mse'] });
  return model;
}

/** Makes the model from the drawn parts. */
export function randomCase(drawn: Drawn): RandomCase {
  const { input, join, width, rows, batchSize } = drawn;
  const loss = LOSSES.get(drawn.loss) as Loss;
  const names: string[] = [];
  tf.dispose(build(drawn, loss, tf.train.sgd(0), names).weights.map((weight) => weight.read()));
  const exampleShape = INPUTS.get(input) as readonly number[];
  const first = (count: number): tf.Tensor =>
    input === 'words'
      ? tf.tensor2d(
          Array.from({ length: count * 4 }, (_, place) => (place * 7 + 3) % 11),
          [count, 4],
        )
      : normal([count, ...exampleShape], 30);
  const modelCase: ModelCase = {
    name: 'random',
    build: (given) => build(drawn, loss, given as tf.Optimizer, []),
    data: (count) => ({
      x: join === 'two inputs' ? [first(count), normal([count, 2], 31)] : first(count),
      y: join === 'two outputs' ? [loss.targets(count, width), loss.targets(count, width)] : loss.targets(count, width),
    }),
  };
  return {
    modelCase,
    options: { rows, batchSize, optimizer: OPTIMIZERS.get(drawn.optimizer) as () => tf.Optimizer },
    description: JSON.stringify({ ...drawn, picks: names }),
  };
}
