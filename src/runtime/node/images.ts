/**
 * Image files to tensors and back, with TensorFlow's own codecs: `tf.node.decodeImage` and its kin.
 * Touches the session's executor and the backend.
 */
import type { Handle } from '../tensorflow/op-executor.js';
import type { Tensor, Tensor3D, Tensor4D } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { attributes, bool, float, int, string, type } from '../tensorflow/attributes.js';
import { type AttributeSet, NO_ATTRIBUTES } from '../tensorflow/attributes.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';

import { currentBackend } from './current-backend.js';

/** The formats that {@link decodeImage} tells apart. */
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
 * The format of an image file, by its first bytes.
 * @throws MirrorscopeError `INVALID_ARGUMENT` for anything but JPEG, PNG, GIF and BMP.
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
  const backend = currentBackend();
  const file = backend.executor.fromHost([contents], [], DataTypeCode.String);
  try {
    return backend.tensorOf(backend.executor.execute1(op, set, [file]));
  } finally {
    file.dispose();
  }
}

/** Decodes a JPEG file. @returns an int32 tensor of shape [height, width, channels]; `channels` 0 keeps the file's. */
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

/** Decodes a PNG file. @returns an int32 tensor of shape [height, width, channels]; `channels` 0 keeps the file's. */
export function decodePng(contents: Uint8Array, channels: 0 | 1 | 3 | 4 = 0, dtype: 'int32' = 'int32'): Tensor3D {
  requireInt32(dtype);
  return decode('DecodePng', contents, attributes(int('channels', channels))) as Tensor3D;
}

/** Decodes the first frame of a BMP file. @returns an int32 tensor of shape [height, width, channels]. */
export function decodeBmp(contents: Uint8Array, channels: 0 | 1 | 3 | 4 = 0): Tensor3D {
  return decode('DecodeBmp', contents, attributes(int('channels', channels))) as Tensor3D;
}

/** Decodes every frame of a GIF file. @returns an int32 tensor of shape [frames, height, width, 3]. */
export function decodeGif(contents: Uint8Array): Tensor4D {
  return decode('DecodeGif', contents, NO_ATTRIBUTES) as Tensor4D;
}

/**
 * Decodes a BMP, GIF, JPEG or PNG file.
 * @returns an int32 tensor of rank 3, or of rank 4 for a GIF when `expandAnimations` is true.
 * @throws MirrorscopeError `INVALID_ARGUMENT` for other files, and TensorFlowError for damaged ones.
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
      const [first] = [frames.slice([0], [1]).squeeze([0])];
      frames.dispose();
      return first as Tensor3D;
    }
  }
}

function requireInt32(dtype: string): void {
  if (dtype !== 'int32')
    throw new MirrorscopeError(ErrorCode.InvalidArgument, `Images are decoded to int32; ${dtype} was asked for.`);
}

async function encode(op: string, image: Tensor3D, set: AttributeSet): Promise<Uint8Array> {
  const backend = currentBackend();
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

/** Encodes an image of values 0 to 255 and 1 or 3 channels as JPEG. */
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

/** Encodes an image of values 0 to 255 and 1 to 4 channels as PNG; `compression` from 0 to 9, or -1 for the default. */
export function encodePng(image: Tensor3D, compression = 1): Promise<Uint8Array> {
  return encode('EncodePng', image, attributes(int('compression', compression)));
}
