/** Writes the optimizer, the loss, the metrics and `compile`. */
import { block } from '../text.js';

/** @import { Program } from '../program.js' */

/**
 * @typedef {object} Compiling The parts of `compile`.
 * @property {string[]} above - Statements at the top of the program.
 * @property {string[]} between - Statements between wrapping and compiling.
 * @property {(model: string) => string[]} compile - The statements that compile a model.
 */

/**
 * Writes what belongs to `compile`.
 * @param {Program} program - Gets imports and definitions.
 * @param {string} number - An expression for the number of GPUs.
 * @returns {Compiling} The parts.
 */
export function writeCompiling(program, number) {
  /** @type {string[]} */
  const above = [];
  /** @type {string[]} */
  const between = [];
  const optimizer = optimizerOf(program, above, between, number);
  const loss = lossOf(program, above);
  const metrics = metricsOf(program, above);
  const extra = metrics === undefined ? [] : [`metrics=${metrics}`];
  const keywords = [`optimizer=${optimizer}`, `loss=${loss}`, ...extra];
  const compile = (/** @type {string} */ model) => {
    switch (program.choices.compileForm) {
      case 'positional':
        return [`${model}.compile(${[optimizer, loss, ...extra].join(', ')})`];
      case 'spread-dictionary':
        return [`settings = dict(${keywords.join(', ')})`, `${model}.compile(**settings)`];
      case 'option-dictionary':
        return [
          `settings = {'optimizer': ${optimizer}, 'loss': ${loss}}`,
          `${model}.compile(${["optimizer=settings['optimizer']", "loss=settings['loss']", ...extra].join(', ')})`,
        ];
      default:
        return [`${model}.compile(${keywords.join(', ')})`];
    }
  };
  return { above, between, compile };
}

/**
 * @param {Program} program - Gets imports and definitions.
 * @param {string[]} above - Gets statements at the top of the program.
 * @param {string[]} between - Gets statements between wrapping and compiling.
 * @param {string} number - An expression for the number of GPUs.
 * @returns {string} An expression.
 */
function optimizerOf(program, above, between, number) {
  const sgd = (/** @type {string} */ parameters) => `${program.keras('optimizers', 'SGD')}(${parameters})`;
  const adam = (/** @type {string} */ parameters) => `${program.keras('optimizers', 'Adam')}(${parameters})`;
  switch (program.choices.optimizer) {
    case 'call':
      return sgd('0.1');
    case 'lr':
      return sgd('lr=0.1, momentum=0.9');
    case 'variable-above':
      above.push(`opt = ${adam('0.01')}`);
      return 'opt';
    case 'variable-between':
      between.push(`opt = ${sgd('lr=0.1')}`);
      return 'opt';
    case 'function':
      program.define(block('def get_optimizer(rate):', [`return ${adam('lr=rate')}`]));
      return 'get_optimizer(0.02)';
    case 'schedule-variable':
      above.push(`schedule = ${program.keras('optimizers', 'schedules')}.ExponentialDecay(0.1, 3, 0.9)`);
      return sgd('schedule');
    case 'condition':
      between.push(
        ...block(`if ${number} > 1:`, [`opt = ${sgd('lr=0.1')}`]),
        ...block('else:', [`opt = ${adam('0.01')}`]),
      );
      return 'opt';
    default:
      return "'sgd'";
  }
}

/**
 * @param {Program} program - Gets imports and definitions.
 * @param {string[]} above - Gets statements at the top of the program.
 * @returns {string} An expression.
 */
function lossOf(program, above) {
  const square = () => `${program.tensorflow()}.square(y_pred - y_true)`;
  switch (program.choices.loss) {
    case 'object':
      return `${program.keras('losses', 'MeanSquaredError')}()`;
    case 'variable':
      above.push(`loss = ${program.keras('losses', 'Huber')}()`);
      return 'loss';
    case 'function':
      program.define(block('def row_loss(y_true, y_pred):', [`return tf.reduce_mean(${square()}, axis=-1)`]));
      return 'row_loss';
    case 'sum-function':
      program.define(block('def sum_loss(y_true, y_pred):', [`return tf.reduce_sum(${square()})`]));
      return 'sum_loss';
    case 'mean-function':
      program.define(block('def mean_loss(y_true, y_pred):', [`return tf.reduce_mean(${square()})`]));
      return 'mean_loss';
    default:
      return "'mse'";
  }
}

/**
 * @param {Program} program - Gets the imports.
 * @param {string[]} above - Gets statements at the top of the program.
 * @returns {string | undefined} An expression.
 */
function metricsOf(program, above) {
  const metric = () => `${program.keras('metrics', 'MeanAbsoluteError')}(name='error')`;
  switch (program.choices.metrics) {
    case 'string':
      return "['mae']";
    case 'object':
      return `[${metric()}]`;
    case 'list-variable':
      above.push(`metrics = [${metric()}]`);
      return 'metrics';
    case 'object-in-variable':
      above.push(`error = ${metric()}`);
      return "['mae', error]";
    default:
      return undefined;
  }
}
