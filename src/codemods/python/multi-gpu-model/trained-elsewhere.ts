/** Whether code outside of a class compiles or trains the model that an attribute holds. */
import type { MigrationContext } from '../../migration.js';
import type { PythonModule } from '../analysis/module.js';
import { projectRoot, pythonFiles } from '../project/project-files.js';
import { type PyNode, childByField, contains } from '../syntax/node.js';

const TRAINS = /^(compile|fit|fit_generator|train_on_batch)$/;

/** `detector.model.fit(...)` in the file of the class but outside of it, whatever `detector` is. */
export function isTrainedOutside(module: PythonModule, owner: PyNode | undefined, attribute: string): boolean {
  return module.identifiersNamed(attribute).some((name) => {
    const holder = name.field === 'attribute' && name.parent?.type === 'attribute' ? name.parent : undefined;
    const use = holder?.parent?.type === 'attribute' && holder.field === 'object' ? childByField(holder.parent, 'attribute') : undefined;
    if (holder === undefined || use === undefined || !TRAINS.test(module.source.textOf(use))) return false;
    return owner === undefined || !contains(owner, holder);
  });
}

/** The same in other files of the project; `self.model` counts where the class is named, for it may be a subclass. */
export function isTrainedInAnotherFile(context: MigrationContext, attribute: string, owner: string | undefined): boolean {
  const { files, absolutePath } = context;
  const root = projectRoot(context);
  if (files?.list === undefined || root === undefined) return false;
  const uses = new RegExp(`(\\w+)\\s*\\.\\s*${attribute}\\s*\\.\\s*(compile|fit|fit_generator|train_on_batch)\\s*\\(`, 'g');
  return pythonFiles(files, root).some((path) => {
    const text = path === absolutePath ? undefined : files.read(path);
    if (text?.includes(attribute) !== true) return false;
    return [...text.matchAll(uses)].some(([, holder]) => holder !== 'self' || owner === undefined || text.includes(owner));
  });
}
