/** Kernels for images: resizing, cropping, geometric transforms and box selection. Pure. */
import type { Handle } from '../../tensorflow/op-executor.js';

import { bool, float, string } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { checkFits } from '../../tensorflow/native-checks.js';
import { input, type Kernel, type KernelTable } from '../kernel.js';
import { attributes, type KernelScope } from '../kernel-scope.js';

interface ResizeAttributes {
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
  readonly size: [number, number];
}

const resizeOpAttributes = ({ alignCorners, halfPixelCenters }: ResizeAttributes) =>
  attributes(bool('align_corners', alignCorners), bool('half_pixel_centers', halfPixelCenters));

const resize =
  (op: string, keepsType: boolean): Kernel =>
  (scope, inputs, given: ResizeAttributes) => {
    const images = scope.toNumber(scope.in(input(inputs, 'images')));
    return scope.op(
      op,
      [keepsType ? images : scope.toFloat(images), scope.ints(given.size)],
      resizeOpAttributes(given),
    );
  };

/** Applies a projective transform; `transforms` maps output pixels to input pixels. */
function project(
  scope: KernelScope,
  image: Handle,
  transforms: Handle,
  size: readonly [number, number],
  given: { interpolation: string; fillMode: string; fillValue: number },
): Handle {
  return scope.op(
    'ImageProjectiveTransformV3',
    [image, transforms, scope.ints(size), scope.floatScalar(given.fillValue)],
    attributes(
      string('interpolation', given.interpolation.toUpperCase()),
      string('fill_mode', given.fillMode.toUpperCase()),
    ),
  );
}

interface TransformAttributes {
  readonly interpolation: 'nearest' | 'bilinear';
  readonly fillMode: 'constant' | 'reflect' | 'wrap' | 'nearest';
  readonly fillValue: number;
  readonly outputShape?: [number, number];
}

const transform: Kernel = (scope, inputs, given: TransformAttributes) => {
  const image = input(inputs, 'image');
  const size = given.outputShape ?? [image.shape[1] as number, image.shape[2] as number];
  return project(scope, scope.toFloat(scope.in(image)), scope.in(input(inputs, 'transforms')), size, given);
};

interface RotateAttributes {
  readonly radians: number;
  readonly fillValue: number | [number, number, number];
  readonly center: number | [number, number];
}

/**
 * Rotates about a point with the nearest neighbour: like tfjs's CPU backend, gathers the pixels at rounded coordinates.
 */
const rotate: Kernel = (scope, inputs, { radians, fillValue, center }: RotateAttributes) => {
  const info = input(inputs, 'image');
  const [batch, height, width, channels] = info.shape as [number, number, number, number];
  const [centerX, centerY] = scope.tfjs.backend_util.getImageCenter(center, height, width);
  const sine = Math.sin(radians);
  const cosine = Math.cos(radians);
  const outside = height * width;
  // The source of each output pixel depends only on the sizes, so the host computes it.
  const source = Array.from({ length: height * width }, (_unused, index) => {
    const x = index % width;
    const y = Math.floor(index / width);
    const fromX = Math.round((x - centerX) * cosine - (y - centerY) * sine + centerX);
    const fromY = Math.round((x - centerX) * sine + (y - centerY) * cosine + centerY);
    return fromX >= 0 && fromX < width && fromY >= 0 && fromY < height ? fromY * width + fromX : outside;
  });
  const image = scope.toFloat(scope.in(info));
  const opaque = 255;
  const filling = Array.from({ length: channels }, (_unused, channel) =>
    typeof fillValue === 'number' ? fillValue : ((fillValue as number[])[channel] ?? opaque),
  );
  // tfjs applies a single fill value only to the colours; the fourth channel is opacity.
  if (typeof fillValue === 'number' && channels === 4) filling[3] = opaque;
  const filler = scope.op('BroadcastTo', [
    scope.executor.constant(filling, [1, 1, channels], DataTypeCode.Float),
    scope.ints([batch, 1, channels]),
  ]);
  const pixels = scope.op('ConcatV2', [
    [scope.reshape(image, [batch, height * width, channels]), filler],
    scope.intScalar(1),
  ]);
  const positions = scope.executor.fromHost(Int32Array.from(source), [source.length], DataTypeCode.Int32);
  const turned = scope.op('GatherV2', [pixels, positions, scope.intScalar(1)]);
  positions.dispose();
  return scope.cast(scope.reshape(turned, info.shape), scope.in(info).dtype);
};

interface SuppressionAttributes {
  readonly maxOutputSize: number;
  readonly iouThreshold: number;
  readonly scoreThreshold: number;
  readonly padToMaxOutputSize?: boolean;
  readonly softNmsSigma?: number;
}

const suppressionInputs = (
  scope: KernelScope,
  inputs: Parameters<Kernel>[1],
  given: SuppressionAttributes,
): Handle[] => [
  scope.in(input(inputs, 'boxes')),
  scope.in(input(inputs, 'scores')),
  scope.intScalar(given.maxOutputSize),
  scope.floatScalar(given.iouThreshold),
  scope.floatScalar(given.scoreThreshold),
];

export const IMAGE_KERNELS: KernelTable = {
  ResizeBilinear: resize('ResizeBilinear', false),
  ResizeNearestNeighbor: resize('ResizeNearestNeighbor', true),
  ResizeBilinearGrad: (scope, inputs, given: ResizeAttributes) =>
    scope.op(
      'ResizeBilinearGrad',
      [scope.toFloat(scope.in(input(inputs, 'dy'))), scope.toFloat(scope.in(input(inputs, 'images')))],
      resizeOpAttributes(given),
    ),
  ResizeNearestNeighborGrad: (scope, inputs, given: ResizeAttributes) => {
    const [, height, width] = input(inputs, 'images').shape;
    return scope.op(
      'ResizeNearestNeighborGrad',
      [scope.in(input(inputs, 'dy')), scope.ints([height as number, width as number])],
      resizeOpAttributes(given),
    );
  },
  CropAndResize: (
    scope,
    inputs,
    {
      cropSize,
      method,
      extrapolationValue,
    }: { cropSize: [number, number]; method: string; extrapolationValue: number },
  ) =>
    scope.op(
      'CropAndResize',
      [
        scope.toNumber(scope.in(input(inputs, 'image'))),
        scope.in(input(inputs, 'boxes')),
        scope.cast(scope.in(input(inputs, 'boxInd')), DataTypeCode.Int32),
        scope.ints(cropSize),
      ],
      attributes(string('method', method), float('extrapolation_value', extrapolationValue)),
    ),
  FlipLeftRight: (scope, inputs) => scope.op('ReverseV2', [scope.in(input(inputs, 'image')), scope.ints([2])]),
  Transform: transform,
  RotateWithOffset: rotate,
  NonMaxSuppressionV3: (scope, inputs, given: SuppressionAttributes) =>
    scope.op('NonMaxSuppressionV3', suppressionInputs(scope, inputs, given)),
  NonMaxSuppressionV4: (scope, inputs, given: SuppressionAttributes) => {
    const isPadded = given.padToMaxOutputSize ?? false;
    const prepared = suppressionInputs(scope, inputs, given);
    // TensorFlow pads two lists in its own memory, and copies one into the result.
    if (isPadded) checkFits('NonMaxSuppressionV4', given.maxOutputSize * 3, DataTypeCode.Int32);
    return scope.ops('NonMaxSuppressionV4', prepared, 2, attributes(bool('pad_to_max_output_size', isPadded)));
  },
  NonMaxSuppressionV5: (scope, inputs, given: SuppressionAttributes) =>
    scope
      .ops(
        'NonMaxSuppressionV5',
        [...suppressionInputs(scope, inputs, given), scope.floatScalar(given.softNmsSigma ?? 0)],
        3,
      )
      .slice(0, 2),
};
