/** A refusal names the code that stands in the way, and its line. */
import { describe, expect, it } from 'vitest';

import { migrateText } from '../../../../src/codemods/engine.js';
import { defined } from '../../../support/defined.js';
import { javaScriptFixtures } from '../../../support/javascript-fixtures.js';

const fixtures = new Map(javaScriptFixtures('multi-gpu-model').map((fixture) => [fixture.name, fixture]));

describe('a refusal', () => {
  it.each([
    ['refuse-template-used-after', 'template and parallel are compiled separately (line 7)'],
    ['refuse-template-kept', 'parallel keeps template as an attribute (line 8)'],
    ['refuse-template-compiled-in-other-method', 'this.single and this.model are compiled separately (line 5)'],
    ['refuse-template-saved-under-other-name', 'original and model are compiled separately (line 8)'],
    [
      'refuse-model-parameter-function-exported',
      'model is a parameter, and not every call of the function is visible from here',
    ],
    ['refuse-model-in-other-method', 'gpus is not known yet where the model is built'],
  ])('of %s says: %s', async (name, message) => {
    const { fileName, input } = defined(fixtures.get(name));
    const { findings } = await migrateText(fileName, input, { only: ['multi-gpu-model'] });
    expect(findings.map((finding) => finding.message)).toEqual([`multiGpuModel is left as it is: ${message}.`]);
  });
});
