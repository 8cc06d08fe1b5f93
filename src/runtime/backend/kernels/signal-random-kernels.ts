/** Kernels for Fourier transforms and random numbers. Pure. */
import { type } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { input, type Kernel, type KernelTable } from '../kernel.js';
import { attributes } from '../kernel-scope.js';

const fourier =
  (op: string): Kernel =>
  (scope, inputs) =>
    scope.op(op, [scope.cast(scope.in(input(inputs, 'input')), DataTypeCode.Complex64)]);

/**
 * Draws samples. The seed is an input of the op and not an attribute, so that a traced program can replace it in each
 * step.
 */
const multinomial: Kernel = (
  scope,
  inputs,
  { numSamples, seed, normalized }: { numSamples: number; seed: number; normalized: boolean },
) => {
  let logits = scope.toFloat(scope.in(input(inputs, 'logits')));
  if (normalized) logits = scope.op('Log', [logits]);
  // Without a seed from the user, tfjs passes a fraction between 0 and 1.
  const whole = Number.isInteger(seed) ? seed : Math.floor(seed * 0x7fff_ffff);
  const seeds = scope.executor.fromHost(Int32Array.of(whole, whole ^ 0x5deece6), [2], DataTypeCode.Int32);
  const drawn = scope.op(
    'StatelessMultinomial',
    [logits, scope.intScalar(numSamples), seeds],
    attributes(type('output_dtype', DataTypeCode.Int32)),
  );
  seeds.dispose();
  return drawn;
};

export const SIGNAL_KERNELS: KernelTable = {
  FFT: fourier('FFT'),
  IFFT: fourier('IFFT'),
};

export const RANDOM_KERNELS: KernelTable = {
  Multinomial: multinomial,
};
