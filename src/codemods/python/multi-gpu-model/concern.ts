/** Which files are looked at: a look at the text before it is parsed. */
import { pythonMultiGpuModelInfo } from '../info.js';

const NAMES = /multi_gpu_model|MGPU|MultiG[Pp][Uu]|ParallelModel/;

/** Whether a text names a wrap. */
export function namesWrap(text: string): boolean {
  return NAMES.test(text);
}

/** Whether a text may compile a model that another file of the project builds, or wraps through a helper. */
export function mayCompile(text: string): boolean {
  return /keras|tensorflow/.test(text) && /\.compile\(\s*(loss|opt|metrics|\*\*|['"])/.test(text);
}

/** Whether a file of this text is migrated at all when the whole project is. */
export function isLookedAt(text: string): boolean {
  return pythonMultiGpuModelInfo.needles.some((needle) => text.includes(needle)) && (namesWrap(text) || mayCompile(text));
}
