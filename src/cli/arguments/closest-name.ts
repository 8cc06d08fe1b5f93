/** Finds the known name that is closest to a mistyped one. Pure. */

/**
 * Finds the known name that the user most likely meant to type.
 *
 * @param name - The name that was given.
 * @param known - Every valid name.
 * @returns The closest name, or `undefined` when none is within a few edits.
 */
export function closestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  // Swapping two letters is a common typo. A name with more than a third of its letters wrong is a different word.
  let bestDistance = Math.max(Math.min(2, name.length - 1), Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The Levenshtein distance. */
function editDistance(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (left[row - 1] === right[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
