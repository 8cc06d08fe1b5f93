/** Decides from the text alone which files this migration parses. Pure. */
import type { UnparsedText } from '../../migration.js';

/** Installed packages are not the user's project, so their files are never combined. */
const INSTALLED = /[\\/](site|dist)-packages[\\/]/;

/** The function, and the usual names of subclasses that wrap. */
const NAMES = /multi_gpu_model|MGPU|MultiG[Pp][Uu]|ParallelModel/;

/** Every match of `NAMES` contains one of these. */
export const WRAP_NEEDLES = ['multi_gpu_model', 'MGPU', 'MultiG', 'ParallelModel'] as const;

/** Whether a text names a wrapper. */
export function namesWrapper(text: string): boolean {
  return NAMES.test(text);
}

/** Words of files that compile models; a file may get its models, and all that they need, from other files. */
export const COMPILING_WORDS = ['keras', 'tensorflow', 'optimizer', 'loss', 'metrics', 'weights', 'predict'] as const;

const COMPILING = new RegExp(COMPILING_WORDS.join('|'));

/** Whether a text may compile a model that another file of the project builds or wraps; patterns are compiled, too. */
function mayCompileModel(text: string): boolean {
  return /(?<!\b(?:re|regex))\.\s*compile\s*\(/.test(text) && (COMPILING.test(text) || /\bfit\b/.test(text));
}

/** Whether a text may have a callback that takes the original model out of a multi-GPU model. */
function mayReadTemplate(text: string): boolean {
  return /Callback/.test(text) && /\bmodel\s*\.\s*(layers|get_layer)\b/.test(text);
}

/** Whether a run over the whole project migrates a file with this text. */
export function isMigrated(text: string): boolean {
  return namesWrapper(text) || mayCompileModel(text) || mayReadTemplate(text);
}

/**
 * Whether a file can have something to migrate: it names a wrapper, or it compiles or takes apart what another file of
 * its project may wrap.
 */
export function mayHaveWrap({ text, absolutePath = '' }: UnparsedText): boolean {
  return namesWrapper(text) || (!INSTALLED.test(absolutePath) && isMigrated(text));
}
