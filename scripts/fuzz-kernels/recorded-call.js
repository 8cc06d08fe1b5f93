/** A valid call of a kernel, as TensorFlow.js's own test suite makes it. Types only. */

/**
 * A tensor. The values of a string are its bytes as latin1.
 *
 * @typedef {{
 *   shape: number[],
 *   dtype: 'float32' | 'int32' | 'bool' | 'string' | 'complex64',
 *   values: (number | string)[],
 * }} RecordedInput
 */

/**
 * @typedef {{
 *   kernel: string,
 *   inputs: Record<string, RecordedInput | RecordedInput[]>,
 *   isList: boolean,
 *   attributes: Record<string, unknown>,
 * }} RecordedCall
 */

export {};
