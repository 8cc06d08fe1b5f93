import { describe, expect, it } from 'vitest';

import { applyEdits } from '../../../../src/codemods/edits/apply-edits.js';
import { planCreateModelInScope } from '../../../../src/codemods/js/create-model-in-scope/plan.js';
import { parseJavaScript } from '../../../../src/codemods/js/syntax/parse.js';

const IMPORTS = `import * as tf from '@tensorflow/tfjs';
import { MirroredStrategy } from 'mirrorscope';

const strategy = new MirroredStrategy();
`;

/** The new text of a file; `undefined` when a finding is only reported. */
function rewrite(code: string): string | undefined {
  const text = IMPORTS + code;
  const plan = planCreateModelInScope(parseJavaScript('train.ts', text));
  if (plan.changes.length === 0) {
    expect(plan.findings).toHaveLength(1);
    return undefined;
  }
  const output = applyEdits(
    text,
    plan.changes.flatMap(({ edits }) => edits),
  );
  expect(planCreateModelInScope(parseJavaScript('train.ts', output))).toEqual({ changes: [], findings: [] });
  expect(output.startsWith(IMPORTS)).toBe(true);
  return output.slice(IMPORTS.length);
}

describe('the scope is written', () => {
  it('around consecutive statements, with their comments', () => {
    const code = `const model: tf.Sequential = tf.sequential(); // one model
// the only layer
model.add(tf.layers.dense({
  units: 1,

  name: \`a
b\`,
}));
model.compile({ loss: 'meanSquaredError' }); // plain
await model.fit(x, y);
`;
    expect(rewrite(code)).toBe(`const model = strategy.scope(() => {
  const model: tf.Sequential = tf.sequential(); // one model
  // the only layer
  model.add(tf.layers.dense({
    units: 1,

    name: \`a
b\`,
  }));
  model.compile({ loss: 'meanSquaredError' });
  return model;
}); // plain
await model.fit(x, y);
`);
  });

  it('around a model that is loaded and compiled', () => {
    const code = `async function main() {
\tconst model = await tf.loadLayersModel('m');
\tmodel.compile({ loss: 'meanSquaredError' });
\tawait model.fit(x, y);
}
main();
`;
    expect(rewrite(code)).toBe(`async function main() {
\tconst model = await strategy.scope(async () => {
\t\tconst model = await tf.loadLayersModel('m');
\t\tmodel.compile({ loss: 'meanSquaredError' });
\t\treturn model;
\t});
\tawait model.fit(x, y);
}
main();
`);
  });

  it('around one call', () => {
    const code = `const model = await tf.loadLayersModel('m');
strategy.scope(() => model.compile({ loss: 'meanSquaredError' }));
await model.fit(x, y);
`;
    expect(rewrite(code)).toBe(`const model = await strategy.scope(() => tf.loadLayersModel('m'));
strategy.scope(() => model.compile({ loss: 'meanSquaredError' }));
await model.fit(x, y);
`);
  });

  it('around compile alone', () => {
    const code = `const model = strategy.scope(() => tf.sequential());
model.compile({ loss: 'meanSquaredError' });
await model.fit(x, y);
`;
    expect(rewrite(code)).toBe(`const model = strategy.scope(() => tf.sequential());
strategy.scope(() => model.compile({ loss: 'meanSquaredError' }));
await model.fit(x, y);
`);
  });
});

describe('the scope is left to the user', () => {
  const cases: readonly (readonly [string, string])[] = [
    [
      'when there are other statements in between',
      `const model = tf.sequential(); log(model); model.compile({ loss: 'a' }); await model.fit(x, y);`,
    ],
    [
      'when an argument of compile is awaited',
      `const model = tf.sequential(); model.compile({ loss: await choose() }); await model.fit(x, y);`,
    ],
    [
      'when another function builds the model',
      `function build() { return tf.sequential(); } const model = build(); await model.fit(x, y);`,
    ],
    [
      'when the name of the strategy means something else',
      `{ const strategy = 1; const model = tf.sequential(); await model.fit(x, y); }`,
    ],
  ];
  for (const [when, code] of cases)
    it(when, () => {
      expect(rewrite(code)).toBeUndefined();
    });

  it('when the strategy is created later', () => {
    const text = `import * as tf from '@tensorflow/tfjs'; import { MirroredStrategy } from 'mirrorscope';
      const model = tf.sequential(); const strategy = new MirroredStrategy(); await model.fit(x, y);`;
    const { changes, findings } = planCreateModelInScope(parseJavaScript('train.ts', text));
    expect([changes.length, findings.length]).toEqual([0, 1]);
  });
});
