/** The migration from Keras' `multi_gpu_model` to the scope of a `tf.distribute` strategy. */
import { type Migration } from '../../migration.js';
import { PythonModule } from '../analysis/module.js';
import { pythonMultiGpuModelInfo } from '../info.js';
import { withSyntaxFindings } from '../syntax-findings.js';
import { type PythonParser } from '../syntax/parser.js';
import { type PythonSource } from '../syntax/source.js';
import { fileEnvironment } from './file-environment.js';
import { originContext } from './origin-context.js';
import { planFile } from './plan-file.js';

/** @param parser For the other files of the project. */
export function multiGpuModel(parser: PythonParser): Migration<PythonSource> {
  return {
    ...pythonMultiGpuModelInfo,
    plan(source, context) {
      const plan = planFile(new PythonModule(source, originContext), fileEnvironment(parser, context));
      return withSyntaxFindings(pythonMultiGpuModelInfo.name, source, plan);
    },
  };
}
