/** Writes a program from its choices: the parts, the functions that contain them, and what contains these. Pure. */
import { Program } from './program.js';
import { buildingLines, onDevice } from './sections/building.js';
import { writeCallbacks } from './sections/calling-back.js';
import { writeCompiling } from './sections/compiling.js';
import { writeCount } from './sections/counting.js';
import { writeWrapImport } from './sections/importing.js';
import { noiseLines, writeSecondModel } from './sections/second-model.js';
import { afterwardsLines, trainingLines } from './sections/training.js';
import { wrappedName, wrappingLines } from './sections/wrapping.js';
import { block, indented, withIndentation } from './text.js';

/** @import { Choices } from './choices-table.js' */

/**
 * @typedef {object} Part One part of the flow.
 * @property {string} name - The name of its function or method, if it has one.
 * @property {boolean} isFunction - Whether it has one.
 * @property {string[]} lines - Its statements.
 */

/** The file that the flow of each program is in. */
export const MAIN_FILE = 'train.py';

/**
 * Writes a program.
 * @param {Choices} choices - One option for each choice.
 * @returns {Map<string, string>} The text of each file, by name.
 */
export function writeProgram(choices) {
  const program = new Program(choices);
  const inClass = choices.container === 'class';
  const writtenCount = writeCount(program);
  const count = forContainer(writtenCount, choices);
  const wrapImport = writeWrapImport(program);
  const building = writeBuilding(program, inClass);
  const names = { model: building.model, wrapped: wrappedName(choices, building.model) };
  const second = writeSecondModel(program, names.wrapped, (model) => {
    const given = count.argument === undefined ? [] : [`gpus=${count.argument}`];
    return `${wrapImport.callee}(${[model, ...given].join(', ')})`;
  });
  const compiling = writeCompiling(program, count.number);
  const callbacks = writeCallbacks(program, names);
  const wrapping = writeWrapping(program, wrapImport, count, names, inClass);

  /** @type {Part[]} */
  const parts = [
    {
      name: 'build',
      isFunction: inClass && choices.buildFunction === 'function',
      lines: [
        ...onDevice(program, building.lines, count.number),
        ...second.built,
        ...noiseLines(program, 1),
        ...count.between,
      ],
    },
    { name: 'prepare', isFunction: inClass && choices.wrapFunction !== 'no', lines: wrapping },
    {
      name: 'set_up',
      isFunction: inClass && choices.compileFunction === 'function',
      lines: [
        ...noiseLines(program, 2),
        ...compiling.between,
        ...templateCompile(choices, 'before', names.model, compiling.compile),
        ...writeCompileCall(program, compiling.compile, names.wrapped, inClass),
        ...templateCompile(choices, 'after', names.model, compiling.compile),
        ...second.compiled,
        ...weightsLines(choices, names),
      ],
    },
    {
      name: 'train',
      isFunction: inClass,
      lines: [
        ...noiseLines(program, 3),
        ...writeTrainCall(program, trainingLines(program, names.wrapped, callbacks), names.wrapped, inClass),
        ...afterwardsLines(program, names),
        ...second.trained,
      ],
    },
  ];
  const above = [
    ...wrapImport.above,
    '',
    ...dataLines(choices),
    ...noiseLines(program, 0),
    ...count.above,
    ...compiling.above,
    '',
    '',
  ];
  program.import('import json');
  program.import('import numpy as np');
  const flow = containFlow(choices, parts, count.parameter);
  const text = [...program.imports(), ...above, ...program.definitions, ...flow, '', ...REPORT];
  program.files.set(MAIN_FILE, text);
  return new Map([...program.files].map(([name, lines]) => [name, withIndentation(lines, choices.indentation)]));
}

const REPORT = [
  "with open('result.json', 'w') as stream:",
  "    json.dump({'results': results, 'seen': seen}, stream)",
];

/**
 * @param {Choices} choices - The choices.
 * @returns {string[]} The statements that make the data.
 */
function dataLines({ layers }) {
  return [
    'results = []',
    'seen = []',
    'units_known = True',
    'rng = np.random.RandomState(7)',
    "features = rng.rand(32, 4).astype('float32')",
    "targets = rng.rand(32, 2).astype('float32')",
    ...(layers === 'two-inputs' ? ['features = [features, features[:, :2]]'] : []),
  ];
}

/**
 * @param {import('./sections/counting.js').Count} count - The count of the program.
 * @param {Choices} choices - The choices.
 * @returns {import('./sections/counting.js').Count} The count, as the container names it.
 */
function forContainer(count, { container }) {
  if (count.parameter === undefined) {
    if (container !== 'class' || count.between.length === 0) return count;
    return { ...count, between: ["self.count = len('01')"], argument: 'self.count', number: 'self.count' };
  }
  if (container === 'class') return { ...count, argument: 'self.gpus', number: 'self.gpus' };
  return container === 'main' ? count : { ...count, above: ['gpus = 2'] };
}

/**
 * @param {Program} program - Gets definitions and files.
 * @param {boolean} inClass - Whether the flow is in a class.
 * @returns {{ lines: string[], model: string }} The statements that build, and the name of the template.
 */
function writeBuilding(program, inClass) {
  const { buildFunction, wrap } = program.choices;
  const plain = wrap === 'same-name' || wrap === 'branch-same-name' ? 'model' : 'single';
  const model = inClass ? `self.${plain}` : plain;
  switch (buildFunction) {
    case 'default-argument':
    case 'function': {
      if (inClass && buildFunction === 'function') return { lines: buildingLines(program, model, '5'), model };
      const parameter = buildFunction === 'function' ? 'units' : 'units=5';
      const body = [...buildingLines(program, 'net', 'units'), 'return net'];
      program.define(block(`def build_model(${parameter}):`, body));
      return { lines: [`${model} = build_model(${buildFunction === 'function' ? '5' : ''})`], model };
    }
    case 'module': {
      const file = new Program(program.choices);
      const body = block('def build_model(units):', [...buildingLines(file, 'net', 'units'), 'return net']);
      const known = program.choices.building === 'local-tensorflow' ? ['units_known = True'] : [];
      file.import('import numpy as np');
      program.files.set('network.py', [...file.imports(), '', ...known, '', ...file.definitions, ...body]);
      program.import('import network');
      return { lines: [`${model} = network.build_model(5)`], model };
    }
    case 'constructor': {
      program.define([
        'class Network(object):',
        ...indented(
          block('def __init__(self, units):', ['self.units = units', ...buildingLines(program, 'self.model', 'units')]),
        ),
      ]);
      const holder = inClass ? 'self.network' : 'network';
      return { lines: [`${holder} = Network(5)`], model: `${holder}.model` };
    }
    default:
      return { lines: buildingLines(program, model, '5'), model };
  }
}

/**
 * @param {Program} program - Gets definitions.
 * @param {import('./sections/importing.js').WrapImport} wrapImport - How `multi_gpu_model` is called.
 * @param {import('./sections/counting.js').Count} count - The number of GPUs.
 * @param {{ model: string, wrapped: string }} names - The template and the wrapped model.
 * @param {boolean} inClass - Whether the flow is in a class.
 * @returns {string[]} The statements that wrap.
 */
function writeWrapping(program, wrapImport, count, names, inClass) {
  const { choices } = program;
  if (inClass || choices.wrapFunction === 'no') return wrappingLines(choices, wrapImport, count, names);
  const given = count.argument === undefined ? [] : ['count'];
  const inside = {
    argument: count.argument === undefined ? undefined : 'count',
    number: count.number.startsWith('len(') ? 'len(count)' : count.argument === undefined ? '2' : 'count',
  };
  if (count.argument?.startsWith('[') || count.number === 'len(GPUS)') inside.number = 'len(count)';
  else if (count.number.startsWith('len(')) inside.number = 'count';
  const local = wrappedName(choices, 'net');
  program.define(
    block(`def spread(${['net', ...given].join(', ')}):`, [
      ...wrappingLines(choices, wrapImport, inside, { model: 'net', wrapped: local }),
      `return ${local}`,
    ]),
  );
  const call = `${names.wrapped} = spread(${[names.model, ...(count.argument === undefined ? [] : [count.argument])].join(', ')})`;
  if (choices.wrapFunction !== 'called-under-condition') return [call];
  const isSame = names.model === names.wrapped;
  return [...(isSame ? [] : [`${names.wrapped} = ${names.model}`]), ...block(`if ${count.number} > 1:`, [call])];
}

/**
 * @param {Program} program - Gets definitions.
 * @param {(model: string) => string[]} compile - Writes the statements that compile.
 * @param {string} wrapped - The wrapped model.
 * @param {boolean} inClass - Whether the flow is in a class.
 * @returns {string[]} The statements, or a call of a function that contains them.
 */
function writeCompileCall(program, compile, wrapped, inClass) {
  const { compileFunction, optimizer } = program.choices;
  const isLocal = optimizer === 'variable-between' || optimizer === 'condition';
  if (inClass || compileFunction === 'no' || isLocal) return compile(wrapped);
  program.define(block('def compile_model(net):', compile('net')));
  return [`compile_model(${wrapped})`];
}

/**
 * @param {Program} program - Gets definitions.
 * @param {string[]} lines - The statements that train.
 * @param {string} wrapped - The wrapped model.
 * @param {boolean} inClass - Whether the flow is in a class.
 * @returns {string[]} The statements, or a call of a function that contains them.
 */
function writeTrainCall(program, lines, wrapped, inClass) {
  const { trainFunction, callbacks } = program.choices;
  if (inClass || trainFunction === 'no' || callbacks !== 'none') return lines;
  program.define(
    block(
      'def train_model(net):',
      lines.map((line) => line.replaceAll(wrapped, 'net')),
    ),
  );
  return [`train_model(${wrapped})`];
}

/**
 * @param {Choices} choices - The choices.
 * @param {'before' | 'after'} when - Where the statements stand.
 * @param {string} model - The template.
 * @param {(model: string) => string[]} compile - Writes the statements that compile.
 * @returns {string[]} The statements that compile the template as well.
 */
function templateCompile({ templateCompile: choice, wrap }, when, model, compile) {
  if (!choice.startsWith(when) || wrap.endsWith('same-name')) return [];
  return choice === 'before-other' ? [`${model}.compile(loss='mae', optimizer='sgd')`] : compile(model);
}

/**
 * @param {Choices} choices - The choices.
 * @param {{ model: string, wrapped: string }} names - The template and the wrapped model.
 * @returns {string[]} The statements that change the weights.
 */
function weightsLines({ weights }, { model, wrapped }) {
  if (model === wrapped) return [];
  switch (weights) {
    case 'set-after-compile':
    case 'set-after-wrap':
      return [`${model}.set_weights([value * 0.5 for value in ${model}.get_weights()])`];
    case 'load-after-compile':
      return [`${model}.save_weights('later.weights.h5')`, `${model}.load_weights('later.weights.h5')`];
    case 'copy-to-wrapper':
      return [`${wrapped}.set_weights(${model}.get_weights())`];
    default:
      return [];
  }
}

/**
 * @param {Choices} choices - The choices.
 * @param {readonly Part[]} parts - The parts of the flow, in order.
 * @param {string | undefined} parameter - A default for the number of GPUs.
 * @returns {string[]} The flow, in its container.
 */
function containFlow(choices, parts, parameter) {
  const lines = parts.flatMap((part) => part.lines);
  const given = parameter === undefined ? '' : `gpus=${parameter}`;
  switch (choices.container) {
    case 'main':
      return [...block(`def main(${given}):`, around(choices, lines)), '', '', 'main()'];
    case 'guard':
      return block("if __name__ == '__main__':", around(choices, lines));
    case 'class':
      return inClass(choices, parts, given);
    default:
      return around(choices, lines);
  }
}

/**
 * @param {Choices} choices - The choices.
 * @param {readonly string[]} lines - Statements.
 * @returns {string[]} The statements, in a compound statement.
 */
function around({ around: choice }, lines) {
  switch (choice) {
    case 'if':
      return block('if units_known:', lines);
    case 'loop':
      return block('for repetition in range(2):', lines);
    case 'with':
      return block("with open('log.txt', 'w') as log:", ["log.write('start')", ...lines]);
    case 'try':
      return [...block('try:', lines), ...block('finally:', ["print('done')"])];
    default:
      return [...lines];
  }
}

/**
 * @param {Choices} choices - The choices.
 * @param {readonly Part[]} parts - The parts of the flow, in order.
 * @param {string} given - A parameter with its default, or nothing.
 * @returns {string[]} A class with the parts as methods, and the statements that use it.
 */
function inClass(choices, parts, given) {
  const start = given === '' ? [] : ['self.gpus = gpus'];
  const calls = parts.filter(({ name }) => name !== 'train');
  const called = (/** @type {string} */ name) =>
    name === 'prepare' &&
    choices.wrapFunction === 'called-under-condition' &&
    !choices.wrap.endsWith('new-name') &&
    choices.wrap.endsWith('same-name')
      ? block('if units_known:', [`self.${name}()`])
      : [`self.${name}()`];
  const body = calls.flatMap(({ name, isFunction, lines }) => (isFunction ? called(name) : lines));
  const methods = parts.filter(({ isFunction }) => isFunction);
  return [
    'class Trainer(object):',
    ...indented(
      block(`def __init__(${given === '' ? 'self' : `self, ${given}`}):`, [...start, ...around(choices, body)]),
    ),
    ...methods.flatMap(({ name, lines }) => ['', ...indented(block(`def ${name}(self):`, lines))]),
    '',
    '',
    'trainer = Trainer()',
    'trainer.train()',
  ];
}
