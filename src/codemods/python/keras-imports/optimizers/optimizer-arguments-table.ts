/**
 * What the optimizers of standalone Keras 2 take, and what the same classes of TensorFlow's Keras (tf_keras 2.21 and
 * Keras 3.15) do otherwise. Data only.
 */

/** One optimizer. */
export interface OptimizerArguments {
  /** Its parameters in standalone Keras, by position. */
  readonly parameters: readonly string[];
  /** How many of them have the same position in TensorFlow's Keras. */
  readonly samePositions: number;
  /** Its default learning rate in standalone Keras. */
  readonly rate: string;
  /** Arguments that give TensorFlow's Keras the defaults of standalone Keras. */
  readonly defaults: readonly (readonly [name: string, value: string])[];
}

const MOMENTS = ['lr', 'beta_1', 'beta_2', 'epsilon'] as const;

/** By class. */
export const OPTIMIZER_ARGUMENTS: ReadonlyMap<string, OptimizerArguments> = new Map([
  ['SGD', { parameters: ['lr', 'momentum', 'decay', 'nesterov'], samePositions: 2, rate: '0.01', defaults: [] }],
  ['RMSprop', { parameters: ['lr', 'rho', 'epsilon', 'decay'], samePositions: 2, rate: '0.001', defaults: [] }],
  [
    'Adagrad',
    {
      parameters: ['lr', 'epsilon', 'decay'],
      samePositions: 1,
      rate: '0.01',
      defaults: [
        ['learning_rate', '0.01'],
        ['initial_accumulator_value', '0.0'],
      ],
    },
  ],
  [
    'Adadelta',
    {
      parameters: ['lr', 'rho', 'epsilon', 'decay'],
      samePositions: 3,
      rate: '1.0',
      defaults: [['learning_rate', '1.0']],
    },
  ],
  ['Adam', { parameters: [...MOMENTS, 'decay', 'amsgrad'], samePositions: 4, rate: '0.001', defaults: [] }],
  [
    'Adamax',
    { parameters: [...MOMENTS, 'decay'], samePositions: 4, rate: '0.002', defaults: [['learning_rate', '0.002']] },
  ],
  [
    'Nadam',
    {
      parameters: [...MOMENTS, 'schedule_decay'],
      samePositions: 4,
      rate: '0.002',
      defaults: [['learning_rate', '0.002']],
    },
  ],
]);

/** What a parameter without counterpart may be, because it changes nothing then. */
export const WITHOUT_EFFECT: ReadonlyMap<string, RegExp> = new Map([
  ['decay', /^(0+(\.0*)?|\.0+)$/],
  ['epsilon', /^None$/],
  ['schedule_decay', /^0?\.004$|^4e-0?3$/],
]);
