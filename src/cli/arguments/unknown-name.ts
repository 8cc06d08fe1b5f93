/** Suggests a known name in place of an unknown one. Pure. */
import { closestName } from './closest-name.js';

/**
 * The question to append to a message about an unknown name.
 *
 * @param name - The name that was given.
 * @param known - Every valid name.
 * @param show - Formats the suggestion; by default, it is printed unchanged.
 * @returns ` Did you mean …?` with a leading space, or nothing when no known name is close.
 */
export function didYouMean(
  name: string,
  known: Iterable<string>,
  show: (name: string) => string = (closest) => closest,
): string {
  const closest = closestName(name, known);
  return closest === undefined ? '' : ` Did you mean ${show(closest)}?`;
}
