/** Opens a weights file or saved model of Keras: its layers and its configuration. Reads files; writes none. */
import type { SerializedLayer } from './model-config.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { datasetAt, type Group, groupAt, type Hdf5File, openForReading } from './hdf5.js';
import { isModelConfig } from './model-config.js';
import { readLayers, type StoredLayer } from './stored-layer.js';

/** An open file. The caller closes it. */
export interface WeightsFile {
  readonly path: string;
  readonly file: Hdf5File;
  /** The group with the layers: the root, or `model_weights` of a saved model. */
  readonly weights: Group;
  readonly layers: readonly StoredLayer[];
  readonly isSavedModel: boolean;
  /** The configuration of the model; missing in a file that contains only weights. */
  readonly config: SerializedLayer | undefined;
}

/**
 * Opens a file.
 *
 * @param path - The path of the file.
 * @returns The open file.
 * @throws {MirrorscopeError} `FILE_ACCESS`, `NOT_HDF5` or `WEIGHTS_LAYOUT`.
 */
export async function openWeights(path: string): Promise<WeightsFile> {
  const file = await openForReading(path);
  try {
    const saved = groupAt(file, 'model_weights');
    const weights = saved ?? file;
    const layers = readLayers(weights);
    if (layers === undefined) throw unknownLayout(file, path);
    return { path, file, weights, layers, isSavedModel: saved !== undefined, config: readConfig(file, path) };
  } catch (error) {
    file.close();
    throw error;
  }
}

/**
 * Reads the shape of a weight.
 *
 * @param file - The open file.
 * @param layer - The name of the layer.
 * @param weight - The name of the weight.
 * @returns The shape; empty for a scalar.
 * @throws {MirrorscopeError} `WEIGHTS_LAYOUT` when the file does not contain the weight.
 */
export function shapeOf({ weights, path }: WeightsFile, layer: string, weight: string): readonly number[] {
  const dataset = datasetAt(weights, `${layer}/${weight}`);
  if (dataset === undefined)
    throw new MirrorscopeError(
      ErrorCode.WeightsLayout,
      `${path} lists the weight ${weight} of ${layer}, but does not contain it.`,
    );
  return dataset.shape ?? [];
}

function readConfig(file: Hdf5File, path: string): SerializedLayer | undefined {
  const text = new Map(Object.entries(file.attrs)).get('model_config')?.value;
  if (typeof text !== 'string') return undefined;
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch (cause) {
    throw damagedConfig(path, cause);
  }
  if (!isModelConfig(config)) throw damagedConfig(path);
  return config;
}

function damagedConfig(path: string, cause?: unknown): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.WeightsLayout, `The configuration of the model in ${path} is damaged.`, {
    cause,
  });
}

function unknownLayout(file: Hdf5File, path: string): MirrorscopeError {
  const isKeras3 = ['layers', '_layer_checkpoint_dependencies'].some((name) => file.keys().includes(name));
  const message = isKeras3
    ? `${path} is a .weights.h5 file of Keras 3, which never had multi_gpu_model, so there is nothing to convert.`
    : `${path} is HDF5, but contains no Keras weights: the attribute layer_names is missing.`;
  return new MirrorscopeError(ErrorCode.WeightsLayout, message);
}
