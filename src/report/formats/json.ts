/** `--format json`: for programs. schema/report.schema.json publishes the shape. Pure. */
import type { Finding } from '../../codemods/result.js';
import type { RenderedReport, RenderOptions } from '../format.js';

import { exitCodeOf } from '../exit-code.js';
import { adviceFor, docsFor } from '../finding-text.js';
import { hasChanges, isNoteworthy, leftoverFindings, type ReportedFile, type RunReport } from '../run-report.js';
import { summarize } from '../summary.js';

/** Goes up when a field changes its meaning or is removed, but not for a new field. */
const JSON_REPORT_VERSION = 1;

/**
 * Renders the report as one JSON document.
 *
 * @param report - The run.
 * @param options - Whether each changed file has its diff.
 * @returns The report.
 */
export async function renderJson(report: RunReport, { diff }: RenderOptions): Promise<RenderedReport> {
  const diffOf = diff && hasChanges(report) ? (await import('../unified-diff.js')).unifiedDiff : () => undefined;
  const { refusedByReason, ...counts } = summarize(report);
  const document = {
    schemaVersion: JSON_REPORT_VERSION,
    tool: { name: 'mirrorscope', version: report.version },
    applied: report.applied,
    exitCode: exitCodeOf(report),
    summary: { ...counts, refusedByReason: Object.fromEntries(refusedByReason) },
    followUps: report.followUps,
    files: report.files.filter(isNoteworthy).map((file) => ({
      path: file.result.path,
      status: file.result.status,
      findings: findingsOf(file, report.applied).map(jsonFinding),
      todoMarks: file.todoMarks,
      error: file.result.error,
      diff: diffOf(file),
    })),
  };
  // JSON leaves out what is undefined.
  return { output: `${JSON.stringify(document, null, 2)}\n` };
}

/** After writing: rewritten findings at positions in the old text, then the rest at positions in the new text. */
function findingsOf(file: ReportedFile, applied: boolean): readonly Finding[] {
  if (!applied || file.result.status !== 'changed') return file.result.findings;
  return [
    ...file.result.findings.filter(({ disposition }) => disposition === 'rewrite'),
    ...leftoverFindings(file, applied),
  ];
}

function jsonFinding(finding: Finding): object {
  return { ...finding, advice: adviceFor(finding), docs: docsFor(finding) };
}
