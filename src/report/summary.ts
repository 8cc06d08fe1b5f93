/** Counts over one run, shared by all report formats. Pure. */
import type { RefusalReason } from '../codemods/refusal-reason.js';

import { leftoverFindings, type RunReport } from './run-report.js';

/** The counts of one run. A file can have several findings. */
export interface Summary {
  readonly filesScanned: number;
  readonly filesParsed: number;
  readonly filesChanged: number;
  readonly filesFailed: number;
  /** Findings that are rewritten, or would be in a preview. */
  readonly rewritten: number;
  readonly refused: number;
  /** Refused findings by reason: the most frequent first, then by name. */
  readonly refusedByReason: ReadonlyMap<RefusalReason, number>;
  readonly reported: number;
  /** Warnings about the new code. */
  readonly warned: number;
  readonly todoMarks: number;
}

/** Counts the findings and files of a run. */
export function summarize(report: RunReport): Summary {
  const byReason = new Map<RefusalReason, number>();
  let filesChanged = 0;
  let filesFailed = 0;
  let rewritten = 0;
  let refused = 0;
  let reported = 0;
  let warned = 0;
  let todoMarks = 0;
  for (const file of report.files) {
    if (file.result.status === 'changed') filesChanged++;
    if (file.result.status === 'failed') filesFailed++;
    todoMarks += file.todoMarks;
    if (file.result.status === 'changed') {
      rewritten += file.result.findings.filter((finding) => finding.disposition === 'rewrite').length;
    }
    for (const finding of leftoverFindings(file, report.applied)) {
      if (finding.disposition === 'report') reported++;
      if (finding.disposition === 'warn') warned++;
      if (finding.disposition !== 'refuse') continue;
      refused++;
      if (finding.reason !== undefined) byReason.set(finding.reason, (byReason.get(finding.reason) ?? 0) + 1);
    }
  }
  return {
    filesScanned: report.filesScanned,
    filesParsed: report.filesParsed,
    filesChanged,
    filesFailed,
    rewritten,
    refused,
    refusedByReason: new Map([...byReason].sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1))),
    reported,
    warned,
    todoMarks,
  };
}
