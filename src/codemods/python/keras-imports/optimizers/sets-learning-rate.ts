/** Decides whether code sets or reads the learning rate of an optimizer, which a schedule does not allow. Pure. */
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';

/** Callbacks that set the rate, and the attribute of what may be an optimizer. */
const SETS =
  /ReduceLROnPlateau|LearningRateScheduler|\b(CyclicLR|LRFinder|OneCycle\w*)\b|opt\w*\.(lr|learning_rate|decay)\b/i;

/** Whether a file, or one that shares modules with it, does. */
export function setsLearningRate(project: PythonProject | undefined, { source }: PythonModule): boolean {
  if (SETS.test(source.text)) return true;
  return (
    project !== undefined &&
    [...project.index.connectedTo(source.path)].some((path) => SETS.test(project.text(path) ?? ''))
  );
}
