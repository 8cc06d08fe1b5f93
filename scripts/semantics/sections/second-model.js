/** Writes another model of the same program, and statements that have nothing to do with models. */

/** @import { Program } from '../program.js' */

/**
 * @typedef {object} SecondModel Where another model is built, compiled and trained.
 * @property {string[]} built - After the template is built.
 * @property {string[]} compiled - After the wrapped model is compiled.
 * @property {string[]} trained - After the wrapped model is trained.
 */

/**
 * Writes another model.
 * @param {Program} program - Gets the imports.
 * @param {string} wrapped - The wrapped model.
 * @param {(model: string) => string} wrap - Writes a call that wraps a model.
 * @returns {SecondModel} The other model.
 */
export function writeSecondModel(program, wrapped, wrap) {
  const none = { built: [], compiled: [], trained: [] };
  const { second, layers, container } = program.choices;
  // Each part of the flow may be a method of its own.
  const owner = container === 'class' ? 'self.' : '';
  const [other, otherParallel, stack] = [`${owner}other`, `${owner}other_parallel`, `${owner}stack`];
  if (second === 'none') return none;
  const dense = (/** @type {string} */ parameters) => `${program.keras('layers', 'Dense')}(${parameters})`;
  const create = () =>
    `${other} = ${program.keras('models', 'Sequential')}([${dense('3, input_shape=(4,)')}, ${dense('2')}])`;
  const compile = (/** @type {string} */ model) =>
    `${model}.compile(loss='mse', optimizer=${program.keras('optimizers', 'SGD')}(lr=0.05))`;
  const first = layers === 'two-inputs' ? 'features[0]' : 'features';
  const fit = (/** @type {string} */ model) => `${model}.fit(${first}, targets, batch_size=8, verbose=0)`;
  switch (second) {
    case 'plain':
      return { ...none, trained: [create(), compile(other), fit(other)] };
    case 'plain-between':
      return { built: [create()], compiled: [compile(other)], trained: [fit(other)] };
    case 'wrapped':
      return {
        built: [create()],
        compiled: [`${otherParallel} = ${wrap(other)}`, compile(otherParallel)],
        trained: [fit(otherParallel)],
      };
    default: {
      if (layers === 'two-inputs') return none;
      const freeze = second === 'frozen' ? [`${wrapped}.trainable = False`] : [];
      return {
        ...none,
        compiled: [
          ...freeze,
          `noise = ${program.keras('layers', 'Input')}(shape=(4,))`,
          `${stack} = ${program.keras('models', 'Model')}(noise, ${wrapped}(${dense('4')}(noise)))`,
          compile(stack),
        ],
        trained: [fit(stack)],
      };
    }
  }
}

/**
 * Statements that have nothing to do with the model.
 * @param {Program} program - Gets the import of TensorFlow.
 * @param {number} gap - Where: 0 above everything, 1 after building, 2 after wrapping, 3 after compiling.
 * @returns {string[]} Statements.
 */
export function noiseLines(program, gap) {
  switch (program.choices.noise) {
    case 'prints':
      return [`print('stage ${gap}')`];
    case 'comments':
      return [`# Stage ${gap} of the program.`];
    case 'configuration-above':
      return gap === 0 ? [`${program.tensorflow()}.config.set_soft_device_placement(True)`] : [];
    case 'configuration-between':
      return gap === 1 ? [`${program.tensorflow()}.config.set_soft_device_placement(False)`] : [];
    case 'computation':
      return [`scale_${gap} = np.sqrt(${gap + 1})`];
    default:
      return [];
  }
}
