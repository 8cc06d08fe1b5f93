/** The report for people: findings by file, then the summary. Pure. */
import type { Finding } from '../codemods/result.js';
import type { Palette } from './palette.js';

import { adviceFor, dispositionLabel, docsFor } from './finding-text.js';
import { leftoverFindings, type ReportedFile, type RunReport } from './run-report.js';
import { summaryLines } from './summary-lines.js';

/** How much the text report says. */
export interface TextReportOptions {
  readonly palette: Palette;
  /** Whether to list findings that are rewritten; not needed where a diff shows them. */
  readonly listRewrites: boolean;
}

/** Width of the columns for position and label, under which advice is indented. */
const MESSAGE_INDENT = 21;

/**
 * Renders findings by file and the summary, without a diff.
 *
 * @param report - The run.
 * @param options - Colours, and how much to list.
 * @returns Text that ends with a newline.
 */
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
  const findings =
    listRewrites && !applied
      ? file.result.findings
      : leftoverFindings(file, applied).filter(({ disposition }) => disposition !== 'rewrite');
  const { error, path } = file.result;
  if (findings.length === 0 && error === undefined) return undefined;
  const lines = [palette.heading(escapeControlCharacters(path))];
  if (error !== undefined) {
    lines.push(
      `  ${palette.failure('failed')}  ${error.message} (${error.code})`,
      `          ${palette.faint(error.hint)}`,
    );
  }
  for (const finding of findings) lines.push(...findingLines(finding, applied, palette));
  return lines.join('\n');
}

function findingLines(finding: Finding, applied: boolean, palette: Palette): string[] {
  const position = `${finding.start.line}:${finding.start.column}`.padStart(7);
  const colour = finding.disposition === 'rewrite' ? palette.good : palette.warning;
  const label = colour(dispositionLabel(finding.disposition, applied).padEnd(10));
  const reason = finding.reason === undefined ? '' : ` (${finding.reason})`;
  const lines = [`${position}  ${label}  ${onOneLine(finding.message)}${reason}`];
  const advice = adviceFor(finding);
  if (advice !== undefined)
    lines.push(palette.faint(`${' '.repeat(MESSAGE_INDENT)}${advice} See ${docsFor(finding) ?? ''}.`));
  return lines;
}

function onOneLine(message: string): string {
  return message
    .split('\n')
    .map((line) => line.trim())
    .join(' ');
}

/** Escapes control characters, so that a file name cannot break its line. */
function escapeControlCharacters(path: string): string {
  return path.replace(/[\u0000-\u001f\u007f]/g, (character) => JSON.stringify(character).slice(1, -1));
}
