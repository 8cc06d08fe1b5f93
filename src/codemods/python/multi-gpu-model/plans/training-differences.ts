/** Reports what a migrated file trains in another way: because of the strategy, or of the Keras that it moves to. */
import type { Finding } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';
import type { WrapSite } from '../find/wrap-site.js';

import { refusedFileEndings } from '../checks/file-endings.js';
import { frozenModels } from '../checks/frozen-models.js';
import { importedScalarLosses, scalarLosses } from '../checks/scalar-losses.js';
import { sharedOptimizers } from '../checks/shared-optimizers.js';
import { ModelNames } from '../model/model-names.js';
import { pathSeenFrom } from '../uses/attribute-uses.js';

import { findingAt, MESSAGES } from './findings.js';

/** The reports for a file. */
export function trainingDifferences(
  project: PythonProject,
  module: PythonModule,
  sites: readonly WrapSite[],
): Finding[] {
  const names = new ModelNames(module, sites);
  return [
    ...scalarLosses(module).map((node) => findingAt(module, node, 'report', MESSAGES.scalarLoss)),
    ...importedScalarLosses(project, module).map(({ mention, returned: { module: home, node } }) => {
      const line = home.source.lineAt(node.start) + 1;
      const place = `${pathSeenFrom(module.source.path, home.source.path)}, line ${line}`;
      return findingAt(module, mention, 'report', MESSAGES.importedScalarLoss(place));
    }),
    ...refusedFileEndings(module).map(({ node, needed }) =>
      findingAt(module, node, 'report', MESSAGES.fileEnding(needed)),
    ),
    ...frozenModels(module, names).map(({ statement, model }) =>
      findingAt(module, statement, 'report', MESSAGES.frozenModel(model)),
    ),
    ...sharedOptimizers(module, names).map(({ mention, first }) =>
      findingAt(module, mention, 'report', MESSAGES.sharedOptimizer(first)),
    ),
  ];
}
