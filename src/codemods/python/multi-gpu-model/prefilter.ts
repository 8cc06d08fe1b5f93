/** Which files are looked at: a look at the text before it is parsed. */
import type { TextLook } from '../../migration.js';

/** Installed packages are nobody's project: no other file of theirs is looked into. */
const INSTALLED = /[\\/](site|dist)-packages[\\/]/;

/** The function, and names that people give to subclasses that wrap. */
const NAMES = /multi_gpu_model|MGPU|MultiG[Pp][Uu]|ParallelModel/;

/** What every match of the names holds. */
export const WRAP_NEEDLES = ['multi_gpu_model', 'MGPU', 'MultiG', 'ParallelModel'] as const;

/** Whether a text names a wrap. */
export function namesWrap(text: string): boolean {
  return NAMES.test(text);
}

/** Whether a text may compile a model that another file of the project builds, or wraps through a helper. */
function mayCompile(text: string): boolean {
  return /keras|tensorflow/.test(text) && /\.compile\(\s*(loss|opt|metrics|\*\*|['"])/.test(text);
}

/** Whether a file of this text is migrated at all when the whole project is. */
export function isLookedAt(text: string): boolean {
  return namesWrap(text) || mayCompile(text);
}

/** Without the name only what other files give can concern a text. */
export function mayWrap({ text, absolutePath = '' }: TextLook): boolean {
  return namesWrap(text) || (!INSTALLED.test(absolutePath) && mayCompile(text));
}
