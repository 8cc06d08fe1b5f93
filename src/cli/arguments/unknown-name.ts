/** Words for a name that nobody knows, with a suggestion for what was meant. Pure. */
import { closestName } from './closest-name.js';

/**
 * The question to append to a message about an unknown name.
 *
 * @param name - The name that was given.
 * @param known - Every name that would have been right.
 * @param show - How to write the suggestion; as it is when left out.
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
