/** Converts half-precision numbers to single precision without loss. Pure. */

/**
 * Converts half-precision numbers to single precision.
 *
 * @param bytes - Little-endian IEEE 754 binary16.
 * @returns The same numbers as binary32, in the byte order of the machine.
 */
export function widenHalf(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = new Float32Array(bytes.length / 2);
  for (let index = 0; index < wide.length; index++) wide[index] = toNumber(view.getUint16(index * 2, true));
  return new Uint8Array(wide.buffer);
}

function toNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}
