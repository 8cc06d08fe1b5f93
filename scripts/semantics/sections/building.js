/** Writes the statements that build the template. */
import { block } from '../text.js';

/** @import { Program } from '../program.js' */

/**
 * The statements that create a model.
 * @param {Program} program - Gets the imports.
 * @param {string} model - The variable or attribute that gets the model.
 * @param {string} units - An expression for the number of units.
 * @returns {string[]} Statements.
 */
export function buildingLines(program, model, units) {
  const dense = (/** @type {string} */ parameters) => `${program.keras('layers', 'Dense')}(${parameters})`;
  const { layers, building } = program.choices;
  const before = building === 'clear-session' ? [`${program.backend()}.clear_session()`] : [];
  if (building === 'seed') before.push('np.random.seed(3)');
  if (building === 'local-tensorflow')
    before.push(...block('if units_known:', ['import tensorflow as tf', 'tf.config.set_soft_device_placement(True)']));
  return [...before, ...modelLines(program, model, layers, units, dense), ...afterBuilding(model, building)];
}

/**
 * @param {Program} program - Gets the imports.
 * @param {string} model - The variable or attribute that gets the model.
 * @param {string} layers - How the layers are put together.
 * @param {string} units - An expression for the number of units.
 * @param {(parameters: string) => string} dense - Writes a layer.
 * @returns {string[]} Statements.
 */
function modelLines(program, model, layers, units, dense) {
  const input = () => program.keras('layers', 'Input');
  const create = () => program.keras('models', 'Model');
  switch (layers) {
    case 'add':
      return [
        `${model} = ${program.keras('models', 'Sequential')}()`,
        `${model}.add(${dense(`${units}, input_shape=(4,), activation='tanh'`)})`,
        `${model}.add(${dense('2')})`,
      ];
    case 'functional':
      return [
        `inputs = ${input()}(shape=(4,))`,
        `hidden = ${dense(`${units}, activation='tanh'`)}(inputs)`,
        `outputs = ${dense('2')}(hidden)`,
        `${model} = ${create()}(inputs, outputs)`,
      ];
    case 'parts':
      program.define(
        block('def trunk(units):', [
          `entry = ${input()}(shape=(4,))`,
          `feature = ${dense("units, activation='tanh'")}(entry)`,
          'return entry, feature',
        ]),
      );
      program.define(block('def head(entry, feature):', [`return ${create()}(entry, ${dense('2')}(feature))`]));
      return [`entry, feature = trunk(${units})`, `${model} = head(entry, feature)`];
    case 'two-inputs':
      return [
        `first = ${input()}(shape=(4,))`,
        `second = ${input()}(shape=(2,))`,
        `hidden = ${program.keras('layers', 'concatenate')}([${dense(`${units}, activation='tanh'`)}(first), second])`,
        `${model} = ${create()}([first, second], ${dense('2')}(hidden))`,
      ];
    default:
      return [
        `${model} = ${program.keras('models', 'Sequential')}([${dense(`${units}, input_shape=(4,), activation='tanh'`)}, ${dense('2')}])`,
      ];
  }
}

/**
 * @param {string} model - The model.
 * @param {string} building - What else the code does.
 * @returns {string[]} Statements.
 */
function afterBuilding(model, building) {
  switch (building) {
    case 'set-weights':
      return [`${model}.set_weights([value * 0.5 for value in ${model}.get_weights()])`];
    case 'load-weights':
      return [`${model}.save_weights('start.weights.h5')`, `${model}.load_weights('start.weights.h5')`];
    case 'summary':
      return [`${model}.summary(print_fn=lambda line, **options: None)`];
    default:
      return [];
  }
}

/**
 * Puts the building statements under a device.
 * @param {Program} program - Gets the import of TensorFlow.
 * @param {readonly string[]} lines - The statements.
 * @param {string} number - An expression for the number of GPUs.
 * @returns {string[]} Statements.
 */
export function onDevice(program, lines, number) {
  const { device } = program.choices;
  if (device === 'none') return [...lines];
  const name = device === 'cpu-condition' ? `'/cpu:0' if ${number} > 1 else '/gpu:0'` : "'/cpu:0'";
  const body = device === 'cpu-build-and-print' ? [...lines, "print('the template is built')"] : lines;
  return block(`with ${program.tensorflow()}.device(${name}):`, body);
}
