/** Values that no kernel expects. Data only. */

/** For an attribute, or an entry of one. */
export const ODD_ATTRIBUTES = [
  Number.NaN,
  Infinity,
  -Infinity,
  -1,
  -2,
  0,
  0.5,
  1,
  3,
  7,
  100,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 32 + 1,
  2 ** 53,
  1e10,
  1e308,
  undefined,
  null,
  true,
  '',
  'x',
  'a,b->',
  '\u0000',
  10n,
  [],
  [[]],
  [-1],
  [Number.NaN],
  [1e10],
  [2 ** 31],
  [65_536, 65_536],
  [46_341, 46_341],
  [2 ** 16, 2 ** 16, 2 ** 16, 2 ** 16],
  [0, -1],
  [[0, -1]],
  [[2 ** 31, 0]],
  [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
  {},
  Symbol('odd'),
  () => 1,
];

/** For numbers in a tensor. */
export const ODD_NUMBERS = [Number.NaN, Infinity, -Infinity, -1, 0, 1, 1000, 2 ** 31 - 1, -(2 ** 31), 3.4e38, 1e-40];

/** For an input in place of a tensor. */
export const ODD_INPUTS = [
  undefined,
  null,
  0,
  'x',
  {},
  [],
  { dataId: {} },
  { dataId: {}, shape: [1], dtype: 'float32' },
];

/** Shapes for an input. */
export const ODD_SHAPES = [
  [],
  [0],
  [1],
  [2],
  [3, 0],
  [0, 3],
  [1, 1],
  [2, 3],
  [1, 2, 3],
  [0, 0, 0],
  [2, 1, 3, 2],
  [1, 0, 2, 1],
  [1, 1, 1, 1, 1],
  [2, 1, 2, 1, 2, 1],
  [1, 1, 2, 1, 1, 2, 1],
  [1, 1, 1, 1, 1, 1, 1, 1, 2],
];

/** Shapes that an input may claim to have, while its values are few. */
export const LYING_SHAPES = [
  [-1],
  [-1, -4],
  [Number.NaN],
  [2 ** 31],
  [1e10],
  [0.5],
  [100_000],
  ['x'],
  [null],
  [2 ** 27, 2 ** 27],
];
