/** Writes the statements that train and use the model. */
import { block } from '../text.js';

/** @import { Program } from '../program.js' */
/** @import { Callbacks } from './calling-back.js' */

/**
 * The statements that train a model.
 * @param {Program} program - Gets definitions.
 * @param {string} model - The model.
 * @param {Callbacks} callbacks - What `fit` gets.
 * @returns {string[]} Statements.
 */
export function trainingLines(program, model, { above, list, after }) {
  const passed = list === undefined ? [] : [`callbacks=${list}`];
  const fit = (/** @type {string[]} */ ...more) =>
    `${model}.fit(${['features', 'targets', ...more, 'verbose=0', ...passed].join(', ')})`;
  const generator = (/** @type {string[]} */ ...more) => {
    defineBatches(program);
    return `${model}.fit_generator(${['batches()', ...more, 'verbose=0', ...passed].join(', ')})`;
  };
  const lines = () => {
    switch (program.choices.training) {
      case 'validation':
        return [
          // A callback may be called “history”.
          `fitted = ${fit('batch_size=8', 'epochs=2', 'validation_split=0.5')}`,
          "results.append(fitted.history['val_loss'])",
        ];
      case 'generator':
        return [generator('steps_per_epoch=4', 'epochs=2')];
      case 'generator-division':
        return [generator('steps_per_epoch=len(features) / 8', 'epochs=2')];
      case 'generator-positional':
        return [generator('3', '2')];
      case 'train-on-batch':
        return block('for step in range(4):', [
          program.choices.layers === 'two-inputs'
            ? `results.append(float(np.sum(${model}.train_on_batch([part[step * 8:step * 8 + 8] for part in features], targets[step * 8:step * 8 + 8]))))`
            : `results.append(float(np.sum(${model}.train_on_batch(features[step * 8:step * 8 + 8], targets[step * 8:step * 8 + 8]))))`,
        ]);
      case 'twice':
        return [fit('batch_size=16', 'epochs=1'), fit('batch_size=8', 'epochs=2')];
      case 'class-weight':
        return [fit('batch_size=8', 'epochs=2', 'sample_weight=np.linspace(0.5, 1.5, 32)')];
      case 'ragged':
        return [fit('batch_size=12', 'epochs=2')];
      case 'options':
        return ["options = {'batch_size': 8, 'epochs': 2}", fit('**options')];
      default:
        return [fit('batch_size=8', 'epochs=2')];
    }
  };
  return [...above, ...lines(), ...after];
}

/** @param {Program} program - Gets a generator of batches. */
function defineBatches(program) {
  const rows = (/** @type {string} */ name) =>
    program.choices.layers === 'two-inputs' && name === 'features'
      ? 'tuple(part[start:start + 8] for part in features)'
      : `${name}[start:start + 8]`;
  program.define(
    block('def batches():', [
      'start = 0',
      ...block('while True:', [`yield ${rows('features')}, ${rows('targets')}`, 'start = (start + 8) % 32']),
    ]),
  );
}

/**
 * The statements that use the trained model.
 * @param {Program} program - Gets imports.
 * @param {{ model: string, wrapped: string }} names - The template and the wrapped model.
 * @returns {string[]} Statements.
 */
export function afterwardsLines(program, { model, wrapped }) {
  const noted = (/** @type {string} */ expression) => `results.append(float(np.sum(${expression})))`;
  const weights = noted(`${wrapped}.get_weights()[0]`);
  switch (program.choices.after) {
    case 'predict':
      return [noted(`${wrapped}.predict(features, verbose=0)`), weights];
    case 'evaluate':
      return [noted(`${wrapped}.evaluate(features, targets, batch_size=8, verbose=0)`), weights];
    case 'save':
      return model === wrapped ? [weights] : [`${model}.save('trained.keras')`, weights];
    case 'template-predict':
      return [noted(`${model}.predict(features, verbose=0)`), weights];
    case 'reload':
      if (model === wrapped) return [weights];
      return [
        `${model}.save('trained.keras')`,
        `again = ${program.keras('models', 'load_model')}('trained.keras', compile=False)`,
        noted('again.predict(features, verbose=0)'),
      ];
    default:
      return [weights];
  }
}
