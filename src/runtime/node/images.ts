/** Decodes and encodes image files with TensorFlow's codecs: `tf.node.decodeImage` and its relatives. Runs ops. */
import type { Handle } from '../tensorflow/op-executor.js';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { attributes, bool, float, int, string, type } from '../tensorflow/attributes.js';
import { type AttributeSet, NO_ATTRIBUTES } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';

import { mirrorscopeBackend } from './current-backend.js';

/** The formats that {@link decodeImage} recognizes. */
export enum ImageType {
  JPEG = 'jpeg',
  PNG = 'png',
  GIF = 'gif',
  BMP = 'BMP',
}

const SIGNATURES: readonly (readonly [ImageType, readonly number[]])[] = [
  [ImageType.JPEG, [255, 216, 255]],
  [ImageType.GIF, [71, 73, 70, 56]],
  [ImageType.PNG, [137, 80, 78, 71, 13, 10, 26, 10]],
  [ImageType.BMP, [66, 77]],
];

/**
 * Recognizes the format of an image file by its first bytes.
 *
 * @param contents - The file.
 * @returns The format.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for any format except JPEG, PNG, GIF and BMP.
 *
 * @example
 * ```ts
 * tf.node.getImageType(await readFile('cat.jpg')); // 'jpeg'
 * ```
 */
export function getImageType(contents: Uint8Array): ImageType {
  const found = SIGNATURES.find(([, bytes]) => bytes.every((byte, index) => contents[index] === byte));
  if (found) return found[0];
  throw new MirrorscopeError(
    ErrorCode.InvalidArgument,
    'Expected image (BMP, JPEG, PNG, or GIF), but got unsupported image type.',
  );
}

function decode(op: string, contents: Uint8Array, set: AttributeSet): Tensor {
  const backend = mirrorscopeBackend();
  const file = backend.executor.fromHost([contents], [], DataTypeCode.String);
  try {
    return backend.tensorOf(backend.executor.execute1(op, set, [file]));
  } finally {
    file.dispose();
  }
}

/**
 * Decodes a JPEG file.
 *
 * @param contents - The file.
 * @param channels - Channels of the result: 1 for grayscale, 3 for RGB, 0 for those of the file.
 * @param ratio - Divides height and width by this.
 * @param fancyUpscaling - Whether to use the slower, better upscaling of the chroma planes.
 * @param tryRecoverTruncated - Whether to accept a truncated file.
 * @param acceptableFraction - The least fraction of lines that must be present, from 0 to 1.
 * @param dctMethod - Algorithm of the decompression; by default the library's choice.
 * @returns `int32` [height, width, channels], values 0 to 255.
 * @throws {TensorFlowError} When the file is not a JPEG or is damaged.
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when there is no usable TensorFlow library.
 *
 * @example
 * ```ts
 * const image = tf.node.decodeJpeg(await readFile('cat.jpg'), 3);
 * ```
 */
export function decodeJpeg(
  contents: Uint8Array,
  channels: 0 | 1 | 3 = 0,
  ratio: 1 | 2 | 4 | 8 = 1,
  fancyUpscaling = true,
  tryRecoverTruncated = false,
  acceptableFraction = 1,
  dctMethod: '' | 'INTEGER_FAST' | 'INTEGER_ACCURATE' = '',
): Tensor3D {
  const set = attributes(
    int('channels', channels),
    int('ratio', ratio),
    bool('fancy_upscaling', fancyUpscaling),
    bool('try_recover_truncated', tryRecoverTruncated),
    float('acceptable_fraction', acceptableFraction),
    string('dct_method', dctMethod),
  );
  return decode('DecodeJpeg', contents, set) as Tensor3D;
}

/**
 * Decodes a PNG file.
 *
 * @param contents - The file.
 * @param channels - Channels of the result: 1 for grayscale, 3 for RGB, 4 for RGBA, 0 for those of the file.
 * @param dtype - Element type of the result; only `int32` is supported.
 * @returns `int32` [height, width, channels], values 0 to 255.
 * @throws {TensorFlowError} When the file is not a PNG or is damaged.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for another `dtype`.
 *
 * @example
 * ```ts
 * const image = tf.node.decodePng(await readFile('logo.png'), 4);
 * ```
 */
export function decodePng(contents: Uint8Array, channels: 0 | 1 | 3 | 4 = 0, dtype: 'int32' = 'int32'): Tensor3D {
  requireInt32(dtype);
  return decode('DecodePng', contents, attributes(int('channels', channels))) as Tensor3D;
}

/**
 * Decodes a BMP file.
 *
 * @param contents - The file.
 * @param channels - Channels of the result: 3 for RGB, 4 for RGBA, 0 for those of the file.
 * @returns `int32` [height, width, channels], values 0 to 255.
 * @throws {TensorFlowError} When the file is not a BMP or is damaged.
 *
 * @example
 * ```ts
 * const image = tf.node.decodeBmp(await readFile('icon.bmp'));
 * ```
 */
export function decodeBmp(contents: Uint8Array, channels: 0 | 1 | 3 | 4 = 0): Tensor3D {
  return decode('DecodeBmp', contents, attributes(int('channels', channels))) as Tensor3D;
}

/**
 * Decodes every frame of a GIF file.
 *
 * @param contents - The file.
 * @returns `int32` [frames, height, width, 3], values 0 to 255.
 * @throws {TensorFlowError} When the file is not a GIF or is damaged.
 *
 * @example
 * ```ts
 * const frames = tf.node.decodeGif(await readFile('dance.gif'));
 * ```
 */
export function decodeGif(contents: Uint8Array): Tensor4D {
  return decode('DecodeGif', contents, NO_ATTRIBUTES) as Tensor4D;
}

/**
 * Decodes a BMP, GIF, JPEG or PNG file.
 *
 * @param contents - The file.
 * @param channels - Channels of the result; 0 for those of the file.
 * @param dtype - Element type of the result; only `int32` is supported.
 * @param expandAnimations - Whether a GIF gives all its frames, or only the first one.
 * @returns `int32` [height, width, channels], or [frames, height, width, 3] for all frames of a GIF; values 0 to 255.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for a file of another format, and for another `dtype`.
 * @throws {TensorFlowError} When the file is damaged.
 *
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import * as tf from 'mirrorscope/node';
 *
 * const image = tf.node.decodeImage(await readFile('cat.jpg'), 3);
 * ```
 */
export function decodeImage(
  contents: Uint8Array,
  channels: 0 | 1 | 3 | 4 = 0,
  dtype: 'int32' = 'int32',
  expandAnimations = true,
): Tensor3D | Tensor4D {
  requireInt32(dtype);
  switch (getImageType(contents)) {
    case ImageType.JPEG:
      return decodeJpeg(contents, channels as 0 | 1 | 3);
    case ImageType.PNG:
      return decodePng(contents, channels);
    case ImageType.BMP:
      return decodeBmp(contents, channels);
    case ImageType.GIF: {
      const frames = decodeGif(contents);
      if (expandAnimations) return frames;
      const slice = frames.slice([0], [1]);
      const first: Tensor3D = slice.squeeze([0]);
      slice.dispose();
      frames.dispose();
      return first;
    }
  }
}

function requireInt32(dtype: string): void {
  if (dtype !== 'int32')
    throw new MirrorscopeError(ErrorCode.InvalidArgument, `Images can only be decoded to int32, not to ${dtype}.`);
}

async function encode(op: string, image: Tensor3D, set: AttributeSet): Promise<Uint8Array> {
  const backend = mirrorscopeBackend();
  const { executor } = backend;
  const made: Handle[] = [];
  try {
    made.push(executor.execute1('Cast', attributes(type('DstT', DataTypeCode.UInt8)), [backend.handleOf(image)]));
    made.push(executor.execute1(op, set, [made[0] as Handle]));
    const [file] = (await executor.read(made[1] as Handle)) as Uint8Array[];
    return file as Uint8Array;
  } finally {
    for (const handle of made) handle.dispose();
  }
}

/**
 * Encodes an image as JPEG.
 *
 * @param image - [height, width, channels] with 1 or 3 channels, values 0 to 255 of any element type.
 * @param format - Colours of the file: `grayscale`, `rgb`, or by the number of channels.
 * @param quality - From 0 to 100.
 * @param progressive - Whether the file loads progressively.
 * @param optimizeSize - Whether to spend time on a smaller file of the same quality.
 * @param chromaDownsampling - Whether to store colours at half the resolution.
 * @param densityUnit - Unit of the density: pixels per inch or per centimetre.
 * @param xDensity - Horizontal pixels per unit.
 * @param yDensity - Vertical pixels per unit.
 * @param xmpMetadata - XMP metadata to embed.
 * @returns The file.
 * @throws {TensorFlowError} When the image has another rank or number of channels.
 *
 * @example
 * ```ts
 * await writeFile('cat.jpg', await tf.node.encodeJpeg(image));
 * ```
 */
export function encodeJpeg(
  image: Tensor3D,
  format: '' | 'grayscale' | 'rgb' = '',
  quality = 95,
  progressive = false,
  optimizeSize = false,
  chromaDownsampling = true,
  densityUnit: 'in' | 'cm' = 'in',
  xDensity = 300,
  yDensity = 300,
  xmpMetadata = '',
): Promise<Uint8Array> {
  const set = attributes(
    string('format', format),
    int('quality', quality),
    bool('progressive', progressive),
    bool('optimize_size', optimizeSize),
    bool('chroma_downsampling', chromaDownsampling),
    string('density_unit', densityUnit),
    int('x_density', xDensity),
    int('y_density', yDensity),
    string('xmp_metadata', xmpMetadata),
  );
  return encode('EncodeJpeg', image, set);
}

/**
 * Encodes an image as PNG.
 *
 * @param image - [height, width, channels] with 1 to 4 channels, values 0 to 255 of any element type.
 * @param compression - From 0 for none to 9 for the smallest file, or -1 for the library's default.
 * @returns The file.
 * @throws {TensorFlowError} When the image has another rank or number of channels.
 *
 * @example
 * ```ts
 * await writeFile('cat.png', await tf.node.encodePng(image));
 * ```
 */
export function encodePng(image: Tensor3D, compression = 1): Promise<Uint8Array> {
  return encode('EncodePng', image, attributes(int('compression', compression)));
}
