/** Words the findings of this migration. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { Finding } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';

const MIGRATION = 'multi-gpu-model';
const API = 'keras.utils.multi_gpu_model';

/** The messages of everything but refusals. */
export const MESSAGES = {
  weightFiles:
    'weights saved from the multi-GPU model have another layout; convert them with `mirrorscope convert-weights`',
  scalarLoss:
    'this loss returns one number for a whole batch; under a strategy each replica returns one for its rows, and Keras 3 adds them (a mean trains with a multiple of the step) while tf_keras averages them (a sum trains with a part of it): return one number per row, for example with axis=-1',
  importedScalarLoss: (place: string) =>
    `this loss returns one number for a whole batch (${place}); under a strategy each replica returns one for its rows, and Keras 3 adds them (a mean trains with a multiple of the step) while tf_keras averages them (a sum trains with a part of it): return one number per row, for example with axis=-1`,
  fileEnding: (needed: string) =>
    `Keras 3 writes this file only if its name ends in ${needed}, and fails otherwise; tf_keras takes every name`,
  sharedOptimizer: (first: string) =>
    `this optimizer also trains “${first}”; since TensorFlow 2.11 an optimizer trains one model only, and fails with the second one (“Unknown variable” in Keras 3): create one for each model`,
  frozenModel: (model: string) =>
    `“${model}” is frozen after its compile; tf_keras keeps training it as it was compiled, Keras 3 no longer does: set ${model}.trainable = True before each time that it trains, and False before a model that contains it trains, which is right in both`,
  wrap: 'multi_gpu_model becomes a strategy; the model is built and compiled inside its scope',
  wrapperRemoved: (name: string) => `${name} is removed: its models are built inside the scope of a strategy`,
  importedModel: 'the model is built inside the scope of a strategy, so it is compiled there as well',
  composition: 'a larger model contains this one, so both are built and compiled inside the scope of one strategy',
  gpusDropped:
    'the GPUs of this call are dropped: each worker of a MultiWorkerMirroredStrategy uses all GPUs that it sees; hide others with CUDA_VISIBLE_DEVICES',
  cluster:
    'every process runs this program, with TF_CONFIG in its environment; MultiWorkerMirroredStrategy trains with legacy Keras only (`pip install tf_keras`, and TF_USE_LEGACY_KERAS=1 in the environment)',
  startsEarlier: (callee: string) =>
    `${callee}(…) starts TensorFlow before the MultiWorkerMirroredStrategy is created, which then fails: move the strategy to the start of the program`,
  strategyUnderCondition:
    'the MultiWorkerMirroredStrategy is created under the condition of this call; where it does not hold, as with one GPU, each worker trains alone',
  callback: 'the callback gets the one model that trains, because nothing wraps it any more',
  unusedImport: 'multi_gpu_model is imported but not used; current Keras does not have it, so the import fails',
} as const;

/** A finding at a node. */
export function findingAt(
  module: PythonModule,
  node: PyNode,
  disposition: Finding['disposition'],
  message: string,
): Finding {
  const { source } = module;
  return {
    migration: MIGRATION,
    api: API,
    message,
    disposition,
    start: source.position(node.start),
    end: source.position(node.end),
  };
}

/** The finding for a node that stays as it is. */
export function refusedAt(module: PythonModule, node: PyNode, refusal: Refusal): Finding {
  return { ...findingAt(module, node, 'refuse', refusal.message), reason: refusal.reason };
}
