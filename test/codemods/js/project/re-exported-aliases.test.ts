/** New names under which a file re-exports a known name. */
import { describe, expect, it } from 'vitest';

import { reExportedAliases } from '../../../../src/codemods/js/project/re-exported-aliases.js';

const names = (text: string, path = '/project/src/gpu.js'): string[] =>
  reExportedAliases(path, text, ['multiGpuModel', 'multi_gpu_model']);

describe('reExportedAliases', () => {
  it.each([
    [`export { multiGpuModel as spread } from 'keras-js';`, ['spread']],
    [`export {\n  loadModel,\n  multiGpuModel as spread,\n  other as o,\n} from 'keras-js';`, ['spread']],
    [`import { multi_gpu_model as m } from 'keras';\nexport { m as spread };`, ['spread']],
    [`import { multi_gpu_model as m } from 'keras';\nexport { m };`, ['m']],
    [`import { multiGpuModel } from 'keras-js';\nexport const spread = multiGpuModel;`, ['spread']],
    [
      `import * as keras from 'keras-js';\nexport const spread = keras.utils.multiGpuModel\nexport const x = 1`,
      ['spread'],
    ],
    [`exports.spread = require('keras-js').multiGpuModel;`, ['spread']],
    [`const { multiGpuModel: m } = require('keras-js');\nmodule.exports = { other, spread: m };`, ['spread']],
    [`const keras = require('keras-js');\nmodule.exports = { spread: keras.multiGpuModel };`, ['spread']],
    [`export { multiGpuModel as default } from 'keras-js';`, ['/gpu']],
    [`import { multiGpuModel } from 'keras-js';\nexport default multiGpuModel;`, ['/gpu']],
    [`module.exports = require('keras-js').multiGpuModel;`, ['/gpu']],
    [`export function spread(model, gpus) {\n  return keras.multiGpuModel(model, gpus);\n}`, ['spread']],
    [`export const spread = async (model: Model): Promise<Model> => multiGpuModel(model);`, ['spread']],
    [`export default function spread(model) { return multiGpuModel(model); }`, ['/gpu']],
    [`const spread = (model) => { return multiGpuModel(model); };\nmodule.exports = { spread };`, ['spread']],
  ])('%j', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it('uses the folder of an index file', () => {
    expect(names(`export { multiGpuModel as default } from 'keras-js';`, 'C:\\project\\gpu\\index.ts')).toEqual([
      '/gpu',
    ]);
  });

  it('takes linear time', () => {
    const text = `multiGpuModel;\nexport function spread(a) { return multiGpuModel(${'a'.repeat(100_000)};`;
    const start = performance.now();
    expect(names(text)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it.each([
    [`export { multiGpuModel } from 'keras-js';`],
    [`export { other as spread } from 'keras-js'; // multiGpuModel`],
    [`import { multiGpuModel } from 'keras-js';\nexport const spread = (model) => multiGpuModel(model, 2);`],
    [`import { multiGpuModel } from 'keras-js';\nexport const spread = multiGpuModel(model, 2);`],
    [`exports.train = () => multiGpuModel(model, 2);`],
  ])('not %j', (text) => {
    expect(names(text)).toEqual([]);
  });
});
