/** Formats a count with its noun. Pure. */

/**
 * A count with its noun.
 *
 * @param count - How many there are.
 * @param singular - The noun for one.
 * @param plural - The noun for any other count; when left out, the singular with an `s`.
 * @returns `1 file`, `2 files`.
 */
export function pluralize(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
