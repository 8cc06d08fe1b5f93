/**
 * The functions of tfjs-core that draw random numbers on the host. Replaces these exports until the caller undoes it.
 * Relies on tfjs-core 4.22: tfjs-layers calls `dropout`, `randomUniform`, `randomNormal` and `truncatedNormal` as
 * members of the CommonJS exports of dist/tf-core.node.js.
 */
import type { TensorFlowJs } from './load-tfjs.js';
import type { DataType, Tensor } from '@tensorflow/tfjs';

import { overrideProperty } from './override-property.js';

/** The exports that {@link overrideRandomFunctions} replaces. */
export type RandomFunctions = Pick<TensorFlowJs, 'dropout' | 'randomUniform' | 'randomNormal' | 'truncatedNormal'>;

type DrawNormal = (shape: number[], mean?: number, deviation?: number, dtype?: DataType, seed?: number) => Tensor;

/** The same functions, without the type parameters that only name the rank of the result. */
export interface RandomReplacements {
  dropout(x: Tensor, rate: number, noiseShape?: number[] | null, seed?: number | string): Tensor;
  randomUniform(shape: number[], minimum?: number, maximum?: number, dtype?: DataType, seed?: number | string): Tensor;
  readonly randomNormal: DrawNormal;
  readonly truncatedNormal: DrawNormal;
}

/**
 * Replaces the random functions.
 *
 * @param core - The exports of tfjs-core.
 * @param replacements - What its callers call instead.
 * @returns A function that puts the old ones back.
 */
export function overrideRandomFunctions(core: RandomFunctions, replacements: RandomReplacements): () => void {
  const { dropout, randomUniform, randomNormal, truncatedNormal } = replacements as unknown as RandomFunctions;
  const undo = [
    overrideProperty(core, 'dropout', dropout),
    overrideProperty(core, 'randomUniform', randomUniform),
    overrideProperty(core, 'randomNormal', randomNormal),
    overrideProperty(core, 'truncatedNormal', truncatedNormal),
  ];
  return () => {
    for (const restore of undo) restore();
  };
}
