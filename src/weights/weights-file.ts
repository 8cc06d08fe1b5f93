/** A Keras weights file or saved model, opened: where its weights are and what it says of the model. Reads only. */
import type { SerialisedLayer } from './model-config.js';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import { datasetAt, type Group, groupAt, type Hdf5File, openForReading } from './hdf5.js';
import { readLayers, type StoredLayer } from './stored-layer.js';

/** An open file; the caller closes it. */
export interface WeightsFile {
  readonly path: string;
  readonly file: Hdf5File;
  /** The group that holds the layers: the root, or `model_weights` of a saved model. */
  readonly weights: Group;
  readonly layers: readonly StoredLayer[];
  readonly isSavedModel: boolean;
  /** Absent in a file of weights alone. */
  readonly config: SerialisedLayer | undefined;
}

/** @throws MirrorscopeError `FILE_ACCESS`, `NOT_HDF5`, or `WEIGHTS_LAYOUT` */
export async function openWeights(path: string): Promise<WeightsFile> {
  const file = await openForReading(path);
  try {
    const saved = groupAt(file, 'model_weights');
    const weights = saved ?? file;
    const layers = readLayers(weights);
    if (layers === undefined) throw unknownLayout(file, path);
    return { path, file, weights, layers, isSavedModel: saved !== undefined, config: readConfig(file) };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** The shape of a stored weight. */
export function shapeOf({ weights, path }: WeightsFile, layer: string, weight: string): readonly number[] {
  const dataset = datasetAt(weights, `${layer}/${weight}`);
  if (dataset === undefined)
    throw new MirrorscopeError(
      ErrorCode.WeightsLayout,
      `${path} lists the weight ${weight} of ${layer}, but does not hold it.`,
    );
  return dataset.shape ?? [];
}

function readConfig(file: Hdf5File): SerialisedLayer | undefined {
  const text = new Map(Object.entries(file.attrs)).get('model_config')?.value;
  return typeof text === 'string' ? (JSON.parse(text) as SerialisedLayer) : undefined;
}

function unknownLayout(file: Hdf5File, path: string): MirrorscopeError {
  const isKeras3 = ['layers', '_layer_checkpoint_dependencies'].some((name) => file.keys().includes(name));
  const message = isKeras3
    ? `${path} is a .weights.h5 file of Keras 3, which never had multi_gpu_model; there is nothing to convert.`
    : `${path} is HDF5, but holds no Keras weights: the attribute layer_names is missing.`;
  return new MirrorscopeError(ErrorCode.WeightsLayout, message);
}
