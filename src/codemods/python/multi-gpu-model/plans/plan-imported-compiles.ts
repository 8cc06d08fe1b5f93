/** Plans the `compile` calls of models that come from other files. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { PyNode } from '../../syntax/node.js';
import type { ImportedModel } from '../model/imported-models.js';

import { LineEditor } from '../../edit/line-editor.js';
import { checkLayerUses } from '../checks/layer-uses.js';
import { followModel } from '../model/model-flow.js';
import { compilesOutsideScope } from '../model/own-scope.js';
import { placeCompiles } from '../write/place-compiles.js';

/** The edits, and the `compile` calls that they move into the scope of the model. */
export interface ImportedCompiles {
  readonly edits: readonly TextEdit[];
  readonly compiles: readonly PyNode[];
}

/** Plans every `compile`; refuses an optimizer that is created before the model, and code that reads its layers. */
export function planImportedCompiles(
  project: PythonProject,
  module: PythonModule,
  imported: readonly ImportedModel[],
): ImportedCompiles | Refusal {
  const editor = new LineEditor(module.source);
  const compiles: PyNode[] = [];
  const placed = new Set<PyNode>();
  const starts = imported.flatMap(({ models }) => models);
  for (const model of followModel(module, starts).models) {
    const calls = compilesOutsideScope(module, model);
    const refusal =
      checkLayerUses(module, model) ??
      (calls.length === 0 ? undefined : placeCompiles(project, module, editor, model, calls, placed));
    if (refusal !== undefined) return refusal;
    compiles.push(...calls);
  }
  return { edits: editor.edits(), compiles };
}
