/** The JSON report. Its shape is published as schema/report.schema.json. Pure. */
import type { Finding } from '../../codemods/result.js';

import { adviceFor, docsFor } from '../finding-text.js';
import { isNoteworthy, leftoverFindings, type ReportedFile, type RunReport } from '../run-report.js';
import { summarize } from '../summary.js';

/** Raised when a field changes its meaning or goes away; new fields do not raise it. */
const JSON_REPORT_VERSION = 1;

/** Makes the text of a file's diff; passed in because the diff library is loaded only on demand. */
export type DiffOfFile = (file: ReportedFile) => string | undefined;

/** The report as one JSON document, with a newline at its end. */
export function jsonReport(report: RunReport, exitCode: number, diffOf?: DiffOfFile): string {
  const { refusedByReason, ...counts } = summarize(report);
  const document = {
    schemaVersion: JSON_REPORT_VERSION,
    tool: { name: 'mirrorscope', version: report.version },
    applied: report.applied,
    exitCode,
    summary: { ...counts, refusedByReason: Object.fromEntries(refusedByReason) },
    followUps: report.followUps,
    files: report.files.filter(isNoteworthy).map((file) => ({
      path: file.result.path,
      status: file.result.status,
      findings: findingsOf(file, report.applied).map(jsonFinding),
      todoMarks: file.todoMarks,
      ...(file.result.error === undefined ? {} : { error: file.result.error }),
      ...optional('diff', diffOf?.(file)),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** What was rewritten, with places in the old text; then what is left, with places in the text as it is now. */
function findingsOf(file: ReportedFile, applied: boolean): readonly Finding[] {
  if (!applied || file.result.status !== 'changed') return file.result.findings;
  return [
    ...file.result.findings.filter((finding) => finding.disposition === 'rewrite'),
    ...leftoverFindings(file, applied),
  ];
}

function jsonFinding(finding: Finding): object {
  return { ...finding, ...optional('advice', adviceFor(finding)), ...optional('docs', docsFor(finding)) };
}

function optional(key: string, value: unknown): object {
  return value === undefined ? {} : { [key]: value };
}
