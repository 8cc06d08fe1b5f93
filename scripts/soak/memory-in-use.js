/**
 * What the process has allocated and not freed: the blocks that glibc's allocator counts as used, and the heap of this
 * thread's JavaScript. Unlike the resident set, it does not contain what is free and kept. Reads the process.
 */
import koffi from 'koffi';

/** The fields of glibc's `mallinfo2`, in their order. Source: malloc.h of glibc 2.33. */
const FIELDS = [
  'arena',
  'ordblks',
  'smblks',
  'hblks',
  'hblkhd',
  'usmblks',
  'fsmblks',
  'uordblks',
  'fordblks',
  'keepcost',
];

/** @returns {(() => Record<string, number | bigint>) | undefined} `mallinfo2`; undefined where there is none. */
function findMallinfo() {
  try {
    const type = koffi.struct('mallinfo2', Object.fromEntries(FIELDS.map((field) => [field, 'size_t'])));
    const mallinfo = /** @type {unknown} */ (koffi.load(null).func('mallinfo2', type, []));
    return /** @type {() => Record<string, number | bigint>} */ (mallinfo);
  } catch {
    return undefined;
  }
}

const mallinfo = findMallinfo();

/** @returns {number} The memory in use in MB; NaN where the system does not tell. */
export function memoryInUse() {
  if (mallinfo === undefined) return NaN;
  const { uordblks, hblkhd } = mallinfo();
  return (Number(uordblks) + Number(hblkhd) + process.memoryUsage().heapUsed) / 2 ** 20;
}
