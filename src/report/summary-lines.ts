/** The summary of a run as lines of text. Pure. */
import type { RunReport } from './run-report.js';

import { ExitCode, exitCodeOf } from './exit-code.js';
import { createPalette, type Palette } from './palette.js';
import { pluralize } from './pluralize.js';
import { summarize, type Summary } from './summary.js';

/**
 * Renders the summary, one line for each kind of outcome that occurred.
 *
 * @param report - The run.
 * @param palette - Colours; none when left out.
 * @returns The lines, without line breaks.
 */
export function summaryLines(report: RunReport, palette: Palette = createPalette(false)): string[] {
  const summary = summarize(report);
  const lines = outcomeLines(summary, report.applied, palette);
  if (lines.length === 0) lines.push(palette.good('Nothing to migrate.'));
  lines.push(palette.faint(`Scanned ${pluralize(summary.filesScanned, 'file')}, parsed ${summary.filesParsed}.`));
  if (!report.applied && summary.filesChanged > 0 && exitCodeOf(report) !== ExitCode.Failed) {
    lines.push('Nothing was written. Run `mirrorscope migrate --write` to apply the changes.');
  }
  lines.push(...report.followUps.map((followUp) => `Next: ${followUp}`));
  return lines;
}

function outcomeLines(summary: Summary, applied: boolean, palette: Palette): string[] {
  const lines: string[] = [];
  const places = (count: number): string => pluralize(count, 'place');
  if (summary.filesChanged > 0) {
    const verb = applied ? 'Rewrote' : 'Would rewrite';
    lines.push(palette.good(`${verb} ${places(summary.rewritten)} in ${pluralize(summary.filesChanged, 'file')}.`));
  }
  if (summary.refused > 0) {
    const reasons = [...summary.refusedByReason].map(([reason, count]) => `${count} ${reason}`).join(', ');
    lines.push(palette.warning(`Refused ${places(summary.refused)}: ${reasons}.`));
  }
  if (summary.reported > 0) lines.push(palette.warning(`Reported ${places(summary.reported)} to review by hand.`));
  if (summary.warned > 0) {
    const warnings = pluralize(summary.warned, 'warning');
    lines.push(palette.warning(`${warnings}: the new code does not work with the versions that the project requires.`));
  }
  if (summary.todoMarks > 0)
    lines.push(palette.warning(`${pluralize(summary.todoMarks, 'TODO mark')} to work through.`));
  if (summary.filesFailed > 0) lines.push(palette.failure(`Failed on ${pluralize(summary.filesFailed, 'file')}.`));
  return lines;
}
