/** Writes callbacks, of the kinds that programs with `multi_gpu_model` pass to `fit`. */
import { block } from '../text.js';

/** @import { Program } from '../program.js' */

/**
 * @typedef {object} Callbacks
 * @property {string[]} above - Statements before training.
 * @property {string | undefined} list - The argument of `fit`.
 * @property {string[]} after - Statements after training, which note what the callbacks saw.
 */

/**
 * Writes callbacks. They add what they see to the list `seen`.
 * @param {Program} program - Gets imports and definitions.
 * @param {{ model: string, wrapped: string }} names - The template and the wrapped model.
 * @returns {Callbacks} The callbacks.
 */
export function writeCallbacks(program, { model, wrapped }) {
  const template = model === wrapped ? `${model}.layers[-2]` : model;
  const callback = () => program.keras('callbacks', 'Callback');
  const own = (/** @type {string[]} */ body) => {
    program.define([
      'class OwnCallback(' + callback() + '):',
      ...body.map((line) => (line === '' ? '' : `    ${line}`)),
    ]);
  };
  const none = { above: [], list: undefined, after: [] };
  switch (program.choices.callbacks) {
    case 'scheduler':
      return {
        ...none,
        list: `[${program.keras('callbacks', 'LearningRateScheduler')}(lambda epoch: 0.1 / (1 + epoch))]`,
      };
    case 'lambda':
      return {
        ...none,
        list: `[${program.keras('callbacks', 'LambdaCallback')}(on_epoch_end=lambda epoch, logs: seen.append(float(logs['loss'])))]`,
      };
    case 'warm-up':
    case 'warm-up-lr': {
      const rate = `self.model.optimizer.${program.choices.callbacks === 'warm-up' ? 'learning_rate' : 'lr'}`;
      const backend = program.backend();
      own([
        ...block('def on_batch_begin(self, batch, logs=None):', [`${backend}.set_value(${rate}, 0.01 * (batch + 1))`]),
        '',
        ...block('def on_batch_end(self, batch, logs=None):', [`seen.append(float(${backend}.get_value(${rate})))`]),
      ]);
      return { ...none, list: '[OwnCallback()]' };
    }
    case 'keeps-template':
      own([
        ...block('def __init__(self, single):', ['super(OwnCallback, self).__init__()', 'self.single = single']),
        '',
        ...block('def on_epoch_end(self, epoch, logs=None):', [
          "self.single.save('kept-%d.keras' % epoch)",
          'seen.append(float(self.single.get_weights()[0].sum()))',
        ]),
      ]);
      return { ...none, list: `[OwnCallback(${template})]` };
    case 'finds-template':
      own(
        block('def on_epoch_end(self, epoch, logs=None):', [
          'single = self.model.layers[-2]',
          'seen.append(float(single.get_weights()[0].sum()))',
        ]),
      );
      return { ...none, list: '[OwnCallback()]' };
    case 'checkpoint':
      return {
        ...none,
        above: [
          `checkpoint = ${program.keras('callbacks', 'ModelCheckpoint')}('last.keras', monitor='loss', save_best_only=True)`,
        ],
        list: '[checkpoint]',
      };
    case 'checkpoint-subclass':
    case 'checkpoint-subclass-signature':
      checkpointSubclass(program);
      return {
        above: [`checkpoint = TemplateCheckpoint(${template}, 'best.keras', monitor='loss', save_best_only=True)`],
        list: '[checkpoint]',
        after:
          program.choices.training === 'train-on-batch'
            ? []
            : [
                `saved = ${program.keras('models', 'load_model')}('best.keras', compile=False)`,
                'seen.append(float(saved.get_weights()[0].sum()))',
              ],
      };
    case 'predicts':
      own(
        block('def on_epoch_end(self, epoch, logs=None):', [
          'seen.append(float(self.model.predict(features, verbose=0).sum()))',
        ]),
      );
      return { ...none, list: '[OwnCallback()]' };
    case 'history-of-own':
      own([
        ...block('def on_train_begin(self, logs=None):', ['self.losses = []']),
        '',
        ...block('def on_batch_end(self, batch, logs=None):', ["self.losses.append(float(logs['loss']))"]),
      ]);
      return {
        above: ['history = OwnCallback()'],
        list: '[history]',
        after: program.choices.training === 'train-on-batch' ? [] : ['seen.extend(history.losses)'],
      };
    default:
      return none;
  }
}

/** @param {Program} program - Gets the definition of a checkpoint that saves the template. */
function checkpointSubclass(program) {
  const base = program.keras('callbacks', 'ModelCheckpoint');
  const isFull = program.choices.callbacks === 'checkpoint-subclass-signature';
  const parameters = isFull
    ? "monitor='val_loss', verbose=0, save_best_only=False, save_weights_only=False, mode='auto'"
    : '*args, **kwargs';
  const passed = isFull ? 'monitor, verbose, save_best_only, save_weights_only, mode' : '*args, **kwargs';
  program.define([
    `class TemplateCheckpoint(${base}):`,
    ...block(`    def __init__(self, single, filepath, ${parameters}):`, [
      '    self.single = single',
      `    super(TemplateCheckpoint, self).__init__(filepath, ${passed})`,
    ]),
    '',
    '    def set_model(self, model):',
    '        super(TemplateCheckpoint, self).set_model(self.single)',
  ]);
}
