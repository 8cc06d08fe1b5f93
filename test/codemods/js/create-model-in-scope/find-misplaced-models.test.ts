import { describe, expect, it } from 'vitest';

import {
  CERTAIN_ONLY,
  findMisplacedModels,
  type PlacementOptions,
} from '../../../../src/codemods/js/create-model-in-scope/find-misplaced-models.js';
import { parseJavaScript } from '../../../../src/codemods/js/syntax/parse.js';

const IMPORTS = `import * as tf from '@tensorflow/tfjs';
import { MirroredStrategy, getStrategy } from 'mirrorscope';
`;
const COMPILE = `model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });`;

/** `kind: callee` for each misplaced model. */
function find(code: string, options: Partial<PlacementOptions> = {}, path = 'train.ts'): string[] {
  const text = code.includes('mirrorscope') ? code : IMPORTS + code;
  const found = findMisplacedModels(parseJavaScript(path, text), { ...CERTAIN_ONLY, ...options });
  return found.map(({ kind, call }) => `${kind}: ${text.slice(...call.callee.range)}`);
}

describe('a model built outside', () => {
  it('is found at the top level', () => {
    const code = `const strategy = new MirroredStrategy();
      const model = tf.sequential(); ${COMPILE} await model.fit(x, y);`;
    expect(find(code)).toEqual(['built-outside: tf.sequential']);
  });

  it('is found when the strategy is chosen by a condition', () => {
    const code = `const strategy = gpus > 1 ? new MirroredStrategy({ devices: gpus }) : getStrategy();
      const model = tf.model({ inputs, outputs }); ${COMPILE} await model.fitDataset(data);`;
    expect(find(code)).toEqual(['built-outside: tf.model']);
  });

  it('is found when it is loaded', () => {
    const code = `const strategy = new MirroredStrategy();
      const model = await tf.loadLayersModel('file://model.json'); ${COMPILE} await model.trainOnBatch(x, y);`;
    expect(find(code)).toEqual(['built-outside: tf.loadLayersModel']);
  });

  it('is found in the callback of a promise', () => {
    const code = `const strategy = new MirroredStrategy();
      tf.loadLayersModel('m').then((model) => { ${COMPILE} return model.fit(x, y); });`;
    expect(find(code)).toEqual(['built-outside: tf.loadLayersModel']);
  });

  it('is found when it is an instance of a subclass', () => {
    const code = `class Mine extends tf.LayersModel {}
      const strategy = new MirroredStrategy();
      const model = new Mine({ inputs, outputs }); ${COMPILE} await model.fit(x, y);`;
    expect(find(code)).toEqual(['built-outside: Mine']);
  });

  it('is found in a function that the file calls', () => {
    const code = `const strategy = new MirroredStrategy();
      function build() { const model = tf.sequential(); ${COMPILE} return model; }
      async function main() { const model = build(); await model.fit(x, y); }
      main();`;
    expect(find(code)).toEqual(['built-outside: tf.sequential']);
  });

  it('is found through a parameter', () => {
    const code = `const strategy = new MirroredStrategy();
      async function train(model) { ${COMPILE} await model.fit(x, y); }
      await train(tf.sequential());`;
    expect(find(code)).toEqual(['built-outside: tf.sequential']);
  });

  it('is found in a class', () => {
    const code = `export class Trainer {
      constructor() { this.strategy = new MirroredStrategy(); this.model = this.build(); }
      build() { const model = tf.sequential(); ${COMPILE} return model; }
      async train() { await this.model.fit(x, y); }
    }`;
    expect(find(code)).toEqual(['built-outside: tf.sequential']);
  });

  it('is found in an exported function that creates the strategy', () => {
    const code = `export async function train() {
      const strategy = new MirroredStrategy();
      const model = tf.sequential(); ${COMPILE} await model.fit(x, y);
    }`;
    expect(find(code)).toEqual(['built-outside: tf.sequential']);
  });

  it('is found in CommonJS, with aliased names', () => {
    const code = `const { MirroredStrategy: Mirrored } = require('mirrorscope');
      const { sequential: make } = require('@tensorflow/tfjs-layers');
      const strategy = new Mirrored(); const model = make(); ${COMPILE} model.fit(x, y);`;
    expect(find(code, {}, 'train.cjs')).toEqual(['built-outside: make']);
  });

  it('is found inside tf.tidy', () => {
    const code = `const strategy = new MirroredStrategy();
      const model = tf.tidy(() => tf.sequential()); ${COMPILE} await model.fit(x, y);`;
    expect(find(code)).toEqual(['built-outside: tf.sequential']);
  });

  it('is found when it is compiled or trained inside', () => {
    const code = `const strategy = new MirroredStrategy(); const model = tf.sequential();`;
    expect(find(`${code} strategy.scope(() => { ${COMPILE} }); await model.fit(x, y);`)).toEqual([
      'compiled-inside: tf.sequential',
    ]);
    expect(find(`${code} ${COMPILE} await strategy.scope(() => model.fit(x, y));`)).toEqual([
      'trained-inside: tf.sequential',
    ]);
  });
});

describe('a model compiled outside', () => {
  it('is found when it was built inside', () => {
    const code = `const strategy = new MirroredStrategy();
      const model = strategy.scope(() => tf.sequential()); ${COMPILE} await model.fit(x, y);`;
    expect(find(code)).toEqual(['compiled-outside: model.compile']);
  });

  it('is found when another file built it', () => {
    const code = `import { MirroredStrategy } from 'mirrorscope'; import { createModel } from './model.js';
      const strategy = new MirroredStrategy(); const model = await createModel(); ${COMPILE} await model.fit(x, y);`;
    expect(find(code)).toEqual(['compiled-outside: model.compile']);
  });

  it('is found when it is a parameter', () => {
    const code = `export async function train(model) {
      const strategy = new MirroredStrategy(); ${COMPILE} await model.fit(x, y); }`;
    expect(find(code)).toEqual(['compiled-outside: model.compile']);
  });
});

describe('no misplaced model is found', () => {
  const fine: readonly (readonly [string, string])[] = [
    [
      'in a scope',
      `const model = strategy.scope(() => { const model = tf.sequential(); ${COMPILE} return model; }); await model.fit(x, y);`,
    ],
    [
      'in a function that is passed to scope',
      `function build() { const model = tf.sequential(); ${COMPILE} return model; }
      const model = strategy.scope(build); await model.fit(x, y);`,
    ],
    [
      'in a function called in a scope',
      `const build = () => { const model = tf.sequential(); ${COMPILE} return model; };
      const model = strategy.scope(() => build()); await model.fit(x, y);`,
    ],
    [
      'in a function that is called indirectly in a scope',
      `const inner = () => tf.sequential(); const outer = () => { const model = inner(); ${COMPILE} return model; };
      const model = strategy.scope(() => outer()); await model.fit(x, y);`,
    ],
    [
      'in a function called both inside and outside',
      `function build() { const model = tf.sequential(); ${COMPILE} return model; }
      const plain = build(); await plain.fit(x, y); const model = strategy.scope(build); await model.fit(x, y);`,
    ],
    [
      'outside the scope of a strategy that other models use',
      `const plain = tf.sequential(); plain.compile({ loss: 'meanSquaredError' }); await plain.fit(x, y);
      const model = strategy.scope(() => { const model = tf.sequential(); ${COMPILE} return model; }); await model.fit(x, y);`,
    ],
    ['if the file does not train the model', `const model = tf.sequential(); ${COMPILE} model.predict(x);`],
    [
      'when the file exports the strategy',
      `const model = tf.sequential(); ${COMPILE} await model.fit(x, y); export { strategy };`,
    ],
    [
      'when the strategy is passed to another function',
      `use(strategy); const model = tf.sequential(); ${COMPILE} await model.fit(x, y);`,
    ],
    [
      'in an exported function',
      `export async function train() { const model = tf.sequential(); ${COMPILE} await model.fit(x, y); }`,
    ],
    [
      'in a callback of an unknown function',
      `await withStrategy(async () => { const model = tf.sequential(); ${COMPILE} await model.fit(x, y); });`,
    ],
    [
      'for other functions with the same name',
      `const mine = { sequential() {} }; const model = mine.sequential(); model.fit(x, y);`,
    ],
    [
      'for objects with similar methods',
      `const shader = makeShader(); shader.compile({ target: 'es' }); shader.fit(x);`,
    ],
    [
      'in async code inside a scope',
      `const model = await strategy.scope(async () => { const model = await tf.loadLayersModel('m'); ${COMPILE} return model; });
      await model.fit(x, y);`,
    ],
    [
      'in a recursive function inside a scope',
      `function build(depth) { return depth > 0 ? build(depth - 1) : tf.sequential(); }
      const model = strategy.scope(() => { const model = build(2); ${COMPILE} return model; }); await model.fit(x, y);`,
    ],
  ];
  for (const [where, code] of fine) {
    it(where, () => {
      expect(find(`const strategy = new MirroredStrategy();\n${code}`)).toEqual([]);
    });
  }

  it.each([
    ['a private field', '#strategy = new MirroredStrategy(); open(fn) { return this.#strategy.scope(fn); }'],
    ['a static field', 'static strategy = new MirroredStrategy(); open(fn) { return Trainer.strategy.scope(fn); }'],
    [
      'a field read from outside',
      'strategy = new MirroredStrategy(); static open(trainer, fn) { return trainer.strategy.scope(fn); }',
    ],
    [
      'a field that is opened in the class',
      'strategy = new MirroredStrategy(); open(fn) { return this.strategy.scope(fn); }',
    ],
  ])('when the strategy is stored in %s', (_where, members) => {
    expect(
      find(`class Trainer { ${members} } const model = tf.sequential(); ${COMPILE} await model.fit(x, y);`),
    ).toEqual([]);
  });

  it('in a class that shares a field name with another class', () => {
    const code = `const strategy = new MirroredStrategy();
      class A { constructor() { this.model = tf.sequential(); } }
      class B { constructor(model) { this.model = model; } train() { return this.model.fit(x, y); } }
      new A(); new B(other);`;
    expect(find(code)).toEqual([]);
  });

  it('without a strategy', () => {
    expect(find(`const model = tf.sequential(); ${COMPILE} await model.fit(x, y); getStrategy();`)).toEqual([]);
  });

  it('with a MirroredStrategy that the project defines', () => {
    const code = `import * as tf from '@tensorflow/tfjs'; import { MirroredStrategy } from './mirrorscope.js';
      const strategy = new MirroredStrategy(); const model = tf.sequential(); ${COMPILE} await model.fit(x, y);`;
    expect(find(code)).toEqual([]);
  });
});

describe('options', () => {
  it('assume that exported functions are called outside', () => {
    const code = `const strategy = new MirroredStrategy();
      export async function train() { const model = tf.sequential(); ${COMPILE} await model.fit(x, y); }`;
    expect(find(code, { exportedFunctions: true })).toEqual(['built-outside: tf.sequential']);
  });

  it('report every model that is outside', () => {
    const code = `const strategy = new MirroredStrategy();
      const plain = tf.sequential(); plain.compile({ loss: 'meanSquaredError' }); await plain.fit(x, y);
      const model = strategy.scope(() => { const model = tf.sequential(); ${COMPILE} return model; }); await model.fit(x, y);`;
    expect(find(code, { everyModel: true })).toEqual(['built-outside: tf.sequential']);
  });
});
