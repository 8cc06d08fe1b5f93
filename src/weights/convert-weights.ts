/**
 * Converts a weights file between the layout of `multi_gpu_model`, in which the template is nested in a parallel model,
 * and that of the single model. Reads the input; writes a temporary file, which gets the name of the output only after
 * every weight was compared.
 */
import type { WeightsKind } from './find-template.js';

import { existsSync, realpathSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

import {
  copyAttributes,
  copyDataset,
  copyGroup,
  createFile,
  datasetAt,
  type Group,
  makeGroups,
  openForReading,
  valueBytes,
} from './hdf5.js';
import { type ConversionPlan, planConversion } from './plan-conversion.js';
import { writeNames } from './stored-layer.js';
import { openWeights, type WeightsFile } from './weights-file.js';

/** What to convert, and how. */
export interface ConvertWeightsOptions {
  /** An .h5 file that `save_weights` or `save` of Keras wrote. It is never changed. */
  readonly input: string;
  readonly output: string;
  /** The layout of the output. Default: `flat`, that of the single model. */
  readonly to?: WeightsKind | undefined;
  /** The name of the nested model: the one to convert, or the one to write. */
  readonly template?: string | undefined;
  /** A file in the wanted layout, saved from the model that will load the output. It decides names and order. */
  readonly like?: string | undefined;
  /** Whether to replace an existing output. */
  readonly force?: boolean | undefined;
}

/** The result of a conversion. */
export interface WeightsConversion {
  readonly to: WeightsKind;
  readonly template: string;
  readonly layers: number;
  readonly weights: number;
  /** Whether the output can be loaded as a model, and not only as weights. */
  readonly isModel: boolean;
  readonly hasOptimizer: boolean;
  /** What the user should know, as sentences. */
  readonly notes: readonly string[];
}

/**
 * Converts a weights file.
 *
 * @param options - What to convert, and how.
 * @returns What was written.
 * @throws {MirrorscopeError} `FILE_ACCESS`, `NOT_HDF5`, `WEIGHTS_LAYOUT`, `AMBIGUOUS_TEMPLATE` or `USAGE`.
 */
export async function convertWeights(options: ConvertWeightsOptions): Promise<WeightsConversion> {
  try {
    return await convert(options);
  } catch (error) {
    throw conversionError(options, error);
  }
}

/** Names errors of the HDF5 library, which says nothing of use about damaged files, and those of the file system. */
function conversionError({ input, output }: ConvertWeightsOptions, error: unknown): unknown {
  if (error instanceof MirrorscopeError) return error;
  if (error instanceof Error && 'syscall' in error)
    return new MirrorscopeError(ErrorCode.FileAccess, `${output} cannot be written: ${error.message}`, {
      cause: error,
    });
  return new MirrorscopeError(ErrorCode.NotHdf5, `${input} cannot be read as HDF5. It may be damaged.`, {
    cause: error,
  });
}

async function convert(options: ConvertWeightsOptions): Promise<WeightsConversion> {
  assertMayWrite(options);
  const input = await openWeights(options.input);
  let like: WeightsFile | undefined;
  try {
    like = options.like === undefined ? undefined : await openWeights(options.like);
    const plan = planConversion(input, { to: options.to, template: options.template, like });
    const temporary = path.join(
      path.dirname(options.output),
      `.${path.basename(options.output)}.${process.pid}.partial`,
    );
    try {
      await write(input, plan, temporary);
      await assertSameWeights(input, plan, temporary);
      renameSync(temporary, options.output);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
    return summary(input, plan);
  } finally {
    like?.file.close();
    input.file.close();
  }
}

function assertMayWrite({ input, output, force }: ConvertWeightsOptions): void {
  const folder = path.dirname(path.resolve(output));
  if (!existsSync(folder)) throw new MirrorscopeError(ErrorCode.FileAccess, `There is no folder ${folder}.`);
  if (!existsSync(output)) return;
  if (existsSync(input) && realpathSync(input) === realpathSync(output)) {
    throw new MirrorscopeError(ErrorCode.Usage, 'The output would replace the input.', {
      hint: 'Give the output another name.',
    });
  }
  if (force !== true)
    throw new MirrorscopeError(ErrorCode.Usage, `${output} already exists.`, {
      hint: 'Give another name, or pass --force to replace it.',
    });
}

const LIST_ATTRIBUTE = /^(?:layer_names|weight_names)\d*$/;

async function write(input: WeightsFile, plan: ConversionPlan, target: string): Promise<void> {
  const file = await createFile(target);
  try {
    copyAttributes(input.file, file, new Set(['model_config', ...listAttributes(input.file)]));
    if (plan.config !== undefined) file.create_attribute('model_config', JSON.stringify(plan.config), null, 'S');
    const weights = input.isSavedModel ? file.create_group('model_weights') : file;
    if (input.isSavedModel) {
      copyAttributes(input.weights, weights, new Set(listAttributes(input.weights)));
      // The state of the optimizer follows the order of the trainable weights, which both layouts share.
      await copyGroup(input.file, file, new Set(['model_weights']));
    }
    await copyGroup(input.weights, weights, new Set(input.layers.map(({ name }) => name)));
    await writeLayers(input.weights, weights, plan);
  } finally {
    file.close();
  }
}

async function writeLayers(from: Group, to: Group, { layers }: ConversionPlan): Promise<void> {
  writeNames(
    to,
    'layer_names',
    layers.map(({ name }) => name),
  );
  for (const layer of layers) {
    const group = makeGroups(to, layer.name.split('/'));
    writeNames(
      group,
      'weight_names',
      layer.weights.map(({ name }) => name),
    );
    for (const weight of layer.weights) {
      if (datasetAt(group, weight.name) !== undefined) {
        throw new MirrorscopeError(
          ErrorCode.WeightsLayout,
          `The layer ${layer.name} cannot store two weights with the name ${weight.name}.`,
        );
      }
      const source = datasetAt(from, weight.from);
      if (source === undefined)
        throw new MirrorscopeError(
          ErrorCode.WeightsLayout,
          `The file lists the weight ${weight.from}, but does not contain it.`,
        );
      await copyDataset(source, group, weight.name);
    }
  }
}

/** Reads the output again, because HDF5 prints errors to the terminal instead of reporting them to the program. */
async function assertSameWeights(input: WeightsFile, plan: ConversionPlan, target: string): Promise<void> {
  const file = await openForReading(target);
  try {
    const weights = input.isSavedModel ? makeGroups(file, ['model_weights']) : file;
    for (const layer of plan.layers) {
      for (const { name, from } of layer.weights) {
        const [old, copied] = [datasetAt(input.weights, from), datasetAt(weights, `${layer.name}/${name}`)];
        const isSame =
          old !== undefined &&
          copied !== undefined &&
          Buffer.compare(await valueBytes(old), await valueBytes(copied)) === 0;
        if (!isSame)
          throw new MirrorscopeError(
            ErrorCode.Internal,
            `The weight ${name} was not copied correctly, so no output was written.`,
          );
      }
    }
  } finally {
    file.close();
  }
}

function listAttributes(group: Group): string[] {
  return Object.keys(group.attrs).filter((name) => LIST_ATTRIBUTE.test(name));
}

function summary(input: WeightsFile, { to, template, layers, config, notes }: ConversionPlan): WeightsConversion {
  return {
    to,
    template,
    layers: layers.filter(({ weights }) => weights.length > 0).length,
    weights: layers.reduce((count, layer) => count + layer.weights.length, 0),
    isModel: config !== undefined,
    hasOptimizer: input.file.keys().includes('optimizer_weights'),
    notes,
  };
}
