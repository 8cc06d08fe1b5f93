/** The migration from Keras' `multi_gpu_model` to the scope of a `tf.distribute` strategy. */
import { type Migration } from '../../migration.js';
import { PythonModule } from '../analysis/module.js';
import { pythonMultiGpuModelInfo } from '../info.js';
import { withSyntaxFindings } from '../syntax-findings.js';
import { type PythonSource } from '../syntax/source.js';
import { originContext } from './origin-context.js';
import { planFile } from './plan-file.js';

export const multiGpuModel: Migration<PythonSource> = {
  ...pythonMultiGpuModelInfo,
  plan: (source) => withSyntaxFindings(pythonMultiGpuModelInfo.name, source, planFile(new PythonModule(source, originContext))),
};
