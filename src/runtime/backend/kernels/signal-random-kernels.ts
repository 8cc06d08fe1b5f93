/** Fourier transforms and random draws. Pure tables. */
import { type } from '../../tensorflow/attributes.js';
import { DataTypeCode } from '../../tensorflow/data-types-table.js';
import { input, type Kernel, type KernelTable } from '../kernel.js';
import { attributes } from '../kernel-scope.js';

const fourier =
  (op: string): Kernel =>
  (scope, inputs) =>
    scope.op(op, [scope.cast(scope.in(input(inputs, 'input')), DataTypeCode.Complex64)]);

/**
 * The seed is an input of the op, not an attribute: a traced program can replace it for each step.
 */
const multinomial: Kernel = (
  scope,
  inputs,
  { numSamples, seed, normalized }: { numSamples: number; seed: number; normalized: boolean },
) => {
  let logits = scope.toFloat(scope.in(input(inputs, 'logits')));
  if (normalized) logits = scope.op('Log', [logits]);
  // tfjs hands over a fraction between 0 and 1 when the user gave no seed.
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
