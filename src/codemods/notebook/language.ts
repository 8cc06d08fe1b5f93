/** Notebook support for the engine: runs the Python migrations on the code of all cells, and edits the JSON. */
import type { LanguageSupport } from '../migration.js';
import type { NotebookSource } from './source.js';

import { keepComments } from '../edits/keep-comments.js';
import { commentedPython } from '../python/commented.js';
import { python, pythonProjects } from '../python/language.js';
import { markPython } from '../python/mark.js';
import { suppressionsInPython } from '../python/suppressions.js';

import { asNotebookMigration } from './info.js';
import { mapEdits, mapPlan, mapSuppression } from './map-edits.js';

export const notebook: LanguageSupport<NotebookSource> = {
  language: 'notebook',
  migrations: python.migrations.map((migration) => ({
    ...asNotebookMigration(migration),
    plan: (source: NotebookSource, context) =>
      mapPlan(source, keepComments(migration.plan(source.python, context), commentedPython(source.python))),
  })),
  parse: (path, text, context) => pythonProjects.notebook(context, path, text),
  suppressions: (source) =>
    suppressionsInPython(source.python).map((suppression) => mapSuppression(source, suppression)),
  mark: (source, findings) =>
    mapEdits(
      source,
      markPython(
        source.python,
        findings.map((finding) => inPython(source, finding)),
      ),
    ),
};

/** Converts the position of a finding back to an offset in the Python text. */
function inPython(source: NotebookSource, finding: Parameters<typeof markPython>[1][number]): typeof finding {
  let offset = 0;
  for (const piece of source.pieces) {
    const index = piece.json.offsets.findIndex((raw) => raw >= finding.start.offset);
    if (finding.start.offset >= piece.json.start && finding.start.offset < piece.json.end)
      offset = piece.start + Math.max(0, index);
  }
  return { ...finding, start: { ...finding.start, offset } };
}
