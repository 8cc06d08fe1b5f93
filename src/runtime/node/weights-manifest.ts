/**
 * Reads the weights manifest of a model.json: which files hold the weights, and how many bytes they must have. A model
 * may come from a stranger, so nothing is opened outside its folder, and nothing is allocated that the files do not
 * contain. Pure.
 */
import type { io } from '@tensorflow/tfjs';

import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** Bytes per element, of plain and of quantized weights, as `DTYPE_VALUE_SIZE_MAP` of tfjs-core has them. */
const ELEMENT_BYTES: ReadonlyMap<unknown, number> = new Map([
  ['float32', 4],
  ['float16', 2],
  ['int32', 4],
  ['uint16', 2],
  ['uint8', 1],
  ['bool', 1],
  ['complex64', 8],
]);
/** The length before the characters of each string. */
const STRING_BYTES = 4;

/** Some weights, and the files whose contents, one after the other, they are. */
export interface WeightsGroup {
  readonly files: readonly string[];
  readonly weights: readonly io.WeightsManifestEntry[];
  /** The least that the files must contain. */
  readonly bytes: number;
  /** Whether they may contain more: the manifest does not say how long strings are. */
  readonly hasStrings: boolean;
}

/**
 * Reads a manifest.
 *
 * @param manifest - The value of `weightsManifest` in the file; undefined when the model has no weights.
 * @param modelFile - The path of the model.json, whose folder holds the weights.
 * @returns Its groups.
 * @throws {MirrorscopeError} `FILE_ACCESS` when it is no manifest, or names a file outside the folder.
 */
export function readManifest(manifest: unknown, modelFile: string): WeightsGroup[] {
  if (manifest === undefined || manifest === null) return [];
  const groups = listOf(manifest);
  if (groups === undefined) throw damaged(modelFile, 'its weightsManifest is no list');
  return groups.map((group) => {
    const { paths, weights } = (group ?? {}) as { paths?: unknown; weights?: unknown };
    const [names, entries] = [listOf(paths), listOf(weights)];
    if (names === undefined || entries === undefined)
      throw damaged(modelFile, 'a group of weights has no list of paths or of weights');
    const sizes = entries.map((entry) => sizeOf(entry, modelFile));
    return {
      files: names.map((name) => fileOf(name, modelFile)),
      weights: entries as io.WeightsManifestEntry[],
      bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
      hasStrings: sizes.some(({ isString }) => isString),
    };
  });
}

/**
 * Compares the sizes of a group's files with its manifest.
 *
 * @param group - The group.
 * @param found - The size of its files together.
 * @param modelFile - The path of the model.json.
 * @throws {MirrorscopeError} `FILE_ACCESS` when they differ.
 */
export function checkGroupSize({ files, bytes, hasStrings }: WeightsGroup, found: number, modelFile: string): void {
  if (found === bytes || (hasStrings && found > bytes)) return;
  const claim = `${hasStrings ? 'at least ' : ''}${bytes} bytes`;
  throw damaged(modelFile, `the weights take ${claim}, but ${files.join(', ') || 'no file'} has ${found}`);
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? (value as unknown[]) : undefined;
}

/** The path of a weights file. A link in the folder may lead out of it: the owner of the folder made it. */
function fileOf(name: unknown, modelFile: string): string {
  const folder = dirname(resolve(modelFile));
  if (typeof name !== 'string' || name === '' || name.includes('\0'))
    throw damaged(modelFile, `${JSON.stringify(name)} is no path of a weights file`);
  const path = resolve(folder, name);
  const inside = relative(folder, path);
  if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw new MirrorscopeError(
      ErrorCode.FileAccess,
      `${modelFile} asks for the weights file ${name}, which is outside its folder.`,
      { hint: 'Weights must be in the folder of the model.json or below it. If you trust the model, move them there.' },
    );
  }
  return path;
}

function sizeOf(entry: unknown, modelFile: string): { bytes: number; isString: boolean } {
  const { name, shape, dtype, quantization } = (entry ?? {}) as Partial<Record<string, unknown>>;
  const words = `the weight ${JSON.stringify(name)}`;
  const sides = listOf(shape);
  if (typeof name !== 'string' || sides?.every((side) => Number.isSafeInteger(side) && (side as number) >= 0) !== true)
    throw damaged(modelFile, `${words} has no name or no shape`);
  const elements = (sides as readonly number[]).reduce((product, side) => product * side, 1);
  const stored = (quantization as { dtype?: unknown } | null | undefined)?.dtype ?? dtype;
  const isString = stored === 'string';
  const bytes = elements * (isString ? STRING_BYTES : (ELEMENT_BYTES.get(stored) ?? Number.NaN));
  if (!Number.isSafeInteger(bytes)) {
    throw damaged(modelFile, `${words} has the shape [${sides.join()}] and the type ${JSON.stringify(stored)}`);
  }
  return { bytes, isString };
}

function damaged(modelFile: string, problem: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.FileAccess, `${modelFile} cannot be loaded: ${problem}.`, {
    hint: 'The model is damaged or incomplete. Save or download it again.',
  });
}
