/** `--format text`: for people. Pure; loads the diff library only when there is a diff to show. */
import type { RenderedReport, RenderOptions } from '../format.js';

import { hasChanges, type RunReport } from '../run-report.js';
import { textReport } from '../text-report.js';

/**
 * Renders the text report. A preview shows the diffs first; with `diff`, the output is the patch alone.
 *
 * @param report - The run.
 * @param options - Colours, and what to show.
 * @returns The report.
 */
export async function renderText(report: RunReport, options: RenderOptions): Promise<RenderedReport> {
  const { diff, check, palette, notesPalette } = options;
  if (diff) {
    const notes = textReport(report, { palette: notesPalette, listRewrites: false });
    return { output: hasChanges(report) ? await patchOf(report) : '', notes };
  }
  const text = textReport(report, { palette, listRewrites: check });
  if (check || report.applied || !hasChanges(report)) return { output: text };
  const { colouredDiff } = await import('../unified-diff.js');
  const diffs = report.files.map((file) => colouredDiff(file, palette) ?? '');
  return { output: `${diffs.join('')}\n${text}` };
}

async function patchOf(report: RunReport): Promise<string> {
  const { unifiedDiff } = await import('../unified-diff.js');
  return report.files.map((file) => unifiedDiff(file) ?? '').join('');
}
