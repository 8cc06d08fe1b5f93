/** Random legacy calls inside legacy calls: the output is stable, and the same for every form of import. */
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { migrationEnvironment } from '../../../../src/codemods/engine.js';
import { javascript } from '../../../../src/codemods/js/language.js';
import { migrateWith } from '../../../../src/codemods/migrate-with.js';

/** An expression with `$` in front of each name of tf. */
const expression = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('x', 'this.y', '0.001', '(a, b)', 'undefined', '$scalar(1)'),
    fc.tuple(tie('any')).map(([image]) => `$fromPixels(${image})`),
    fc.tuple(tie('any'), tie('any')).map(([a, b]) => `$fused.matMul(${a}, ${b}, true)`),
    fc
      .tuple(tie('any'), fc.array(tie('any'), { maxLength: 3 }))
      .map(([x, rest]) => `$batchNormalization(${[x, 'mean', 'variance', ...rest].join(', ')})`),
    fc.tuple(tie('any')).map(([y]) => `$tidy('n', () => ${y}, true)`),
    fc.tuple(tie('any')).map(([y]) => `$ENV.get(${y})`),
    fc.tuple(tie('any')).map(([y]) => `[${y}, { fromPixels: ${y} }]`),
  ),
})).any;

const HEADS = {
  namespace: "import * as tf from '@tensorflow/tfjs';\n",
  named: "import { scalar, fromPixels, fused, batchNormalization, tidy, ENV } from '@tensorflow/tfjs';\n",
};

function migrated(head: string, body: string): { output: string; isComplete: boolean } {
  const text = `${head}f(${body});\n`;
  const result = migrateWith(javascript, 'code.js', text, migrationEnvironment({ only: ['tfjs-legacy'] }));
  // The engine itself parses the output and migrates it again.
  expect(result.error).toBeUndefined();
  return {
    output: result.output ?? text,
    isComplete: result.findings.every(({ disposition }) => disposition === 'rewrite'),
  };
}

it('the output is stable, and the same for a namespace and for named imports', () => {
  let compared = 0;
  fc.assert(
    fc.property(expression, (template) => {
      const namespace = migrated(HEADS.namespace, template.replaceAll('$', 'tf.'));
      const named = migrated(HEADS.named, template.replaceAll('$', ''));
      if (!namespace.isComplete || !named.isComplete) return;
      compared += 1;
      expect(namespace.output.slice(HEADS.namespace.length).replaceAll('tf.', '')).toBe(
        named.output.slice(named.output.indexOf('\n') + 1),
      );
    }),
    { numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(100);
});
