/** Removes lines from an input as long as it keeps its problem. */
import { signatureOf } from './signature.js';

/** @import { Problem } from './check-input.js' */
/** @import { FuzzThread } from './fuzz-thread.js' */
/** @import { FuzzInput } from './make-input.js' */

const MAX_CHECKS = 150;

/**
 * Makes an input smaller.
 * @param {FuzzInput} input - The input.
 * @param {Problem} problem - What it shows.
 * @param {FuzzThread} thread - Checks inputs.
 * @param {(name: string, text: string) => Promise<boolean>} compiles - Whether Python accepts a text.
 * @returns {Promise<FuzzInput>} The smallest input found with a problem like it.
 */
export async function shrinkInput(input, problem, thread, compiles) {
  const signature = signatureOf(problem);
  const isPython = problem.detail.startsWith('Python: ');
  const shows = async (/** @type {FuzzInput} */ candidate) => {
    const { checked } = await thread.check(candidate);
    if (!isPython) return checked.problems.some((other) => signatureOf(other) === signature);
    if (checked.output === undefined || (await compiles(candidate.name, checked.output))) return false;
    return compiles(candidate.name, candidate.text);
  };
  let lines = input.text.split('\n');
  let checks = 0;
  for (let size = Math.ceil(lines.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < lines.length && checks < MAX_CHECKS;) {
      const fewer = lines.toSpliced(at, size);
      checks++;
      if (await shows({ ...input, text: fewer.join('\n') })) lines = fewer;
      else at += size;
    }
  }
  return { ...input, text: lines.join('\n') };
}
