/** The report that people read: places by file, then a summary. Pure. */
import type { Finding } from '../../codemods/result.js';

import { adviceFor, counted, dispositionLabel, docsFor } from '../finding-text.js';
import { createPalette, type Palette } from '../palette.js';
import { exitCodeOf, leftoverFindings, type ReportedFile, type RunReport } from '../run-report.js';
import { summarize, type Summary } from '../summary.js';

/** How much the text report says. */
export interface TextReportOptions {
  readonly palette: Palette;
  /** Whether places that are rewritten are listed: not where a diff shows them anyway. */
  readonly listRewrites: boolean;
}

/** Places by file and the summary, without the diff. */
export function textReport(report: RunReport, options: TextReportOptions): string {
  const blocks: string[] = [];
  for (const file of report.files) {
    const block = fileBlock(file, report.applied, options);
    if (block !== undefined) blocks.push(block);
  }
  blocks.push(summaryLines(report, options.palette).join('\n'));
  return `${blocks.join('\n\n')}\n`;
}

function fileBlock(
  file: ReportedFile,
  applied: boolean,
  { palette, listRewrites }: TextReportOptions,
): string | undefined {
  const findings = listRewrites && !applied ? file.result.findings : leftoverFindings(file, applied).filter(isLeft);
  const { error, path } = file.result;
  if (findings.length === 0 && error === undefined) return undefined;
  const lines = [palette.heading(printable(path))];
  if (error !== undefined) {
    lines.push(
      `  ${palette.failure('failed')}  ${error.message} (${error.code})`,
      `          ${palette.faint(error.hint)}`,
    );
  }
  for (const finding of findings) lines.push(...findingLines(finding, applied, palette));
  return lines.join('\n');
}

function isLeft(finding: Finding): boolean {
  return finding.disposition !== 'rewrite';
}

function findingLines(finding: Finding, applied: boolean, palette: Palette): string[] {
  const place = `${finding.start.line}:${finding.start.column}`.padStart(7);
  const colour = finding.disposition === 'rewrite' ? palette.good : palette.warning;
  const label = colour(dispositionLabel(finding.disposition, applied).padEnd(10));
  const reason = finding.reason === undefined ? '' : ` (${finding.reason})`;
  const lines = [`${place}  ${label}  ${finding.message.replace(/\s*\n\s*/g, ' ')}${reason}`];
  const advice = adviceFor(finding);
  if (advice !== undefined) lines.push(palette.faint(`${' '.repeat(21)}${advice} See ${docsFor(finding) ?? ''}.`));
  return lines;
}

/** The summary, a line a kind of outcome; kinds that did not happen are left out. */
export function summaryLines(report: RunReport, palette: Palette = createPalette(false)): string[] {
  const summary = summarize(report);
  const lines = outcomeLines(summary, report.applied, palette);
  if (lines.length === 0) lines.push(palette.good('Nothing to migrate.'));
  lines.push(palette.faint(`Looked at ${counted(summary.filesScanned, 'file')}, parsed ${summary.filesParsed}.`));
  if (!report.applied && summary.filesChanged > 0 && exitCodeOf(report) !== 2) {
    lines.push('Nothing was written. Run `mirrorscope migrate --write` to apply.');
  }
  lines.push(...report.followUps.map((followUp) => `Then: ${followUp}`));
  return lines;
}

function outcomeLines(summary: Summary, applied: boolean, palette: Palette): string[] {
  const lines: string[] = [];
  const places = (count: number) => counted(count, 'place');
  if (summary.filesChanged > 0) {
    const verb = applied ? 'Rewrote' : 'Would rewrite';
    lines.push(palette.good(`${verb} ${places(summary.rewritten)} in ${counted(summary.filesChanged, 'file')}.`));
  }
  if (summary.refused > 0) {
    const reasons = [...summary.refusedByReason].map(([reason, count]) => `${count} ${reason}`).join(', ');
    lines.push(palette.warning(`Refused ${places(summary.refused)}: ${reasons}.`));
  }
  if (summary.reported > 0) lines.push(palette.warning(`Reported ${places(summary.reported)} to look at by hand.`));
  if (summary.warned > 0)
    lines.push(
      palette.warning(
        `${counted(summary.warned, 'warning')}: what is written does not work with what the project asks for.`,
      ),
    );
  if (summary.todoMarks > 0) lines.push(palette.warning(`${counted(summary.todoMarks, 'TODO mark')} to work through.`));
  if (summary.filesFailed > 0) lines.push(palette.failure(`Failed on ${counted(summary.filesFailed, 'file')}.`));
  return lines;
}

/** A name that cannot break the line it stands in. */
function printable(path: string): string {
  return path.replace(/[\u0000-\u001f\u007f]/g, (character) => JSON.stringify(character).slice(1, -1));
}
