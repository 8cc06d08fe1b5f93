/** `--format github`: workflow commands that GitHub Actions shows as annotations on a pull request. Pure. */
import type { Finding } from '../../codemods/result.js';
import type { RenderedReport, RenderOptions } from '../format.js';

import { dispositionLabel, messageWithAdvice } from '../finding-text.js';
import { leftoverFindings, type RunReport } from '../run-report.js';
import { summaryLines } from '../summary-lines.js';

/**
 * Renders one line for each finding that is left, then the summary as a notice.
 *
 * @param report - The run.
 * @param options - The prefix of paths.
 * @returns The report.
 */
export function renderGithub(report: RunReport, { pathPrefix }: RenderOptions): RenderedReport {
  const lines: string[] = [];
  for (const file of report.files) {
    const path = pathPrefix + file.result.path;
    for (const finding of leftoverFindings(file, report.applied)) lines.push(annotation(path, finding));
    const { error } = file.result;
    if (error !== undefined) {
      lines.push(
        command('error', { file: path, title: `mirrorscope ${error.code}` }, `${error.message} ${error.hint}`),
      );
    }
  }
  lines.push(command('notice', { title: 'mirrorscope' }, summaryLines(report).join('\n')));
  return { output: `${lines.join('\n')}\n` };
}

function annotation(path: string, finding: Finding): string {
  const label = finding.reason ?? dispositionLabel(finding.disposition, false);
  const properties: Record<string, string | number> = {
    file: path,
    line: finding.start.line,
    endLine: finding.end.line,
    // GitHub accepts columns only for a range within one line.
    ...(finding.start.line === finding.end.line ? { col: finding.start.column, endColumn: finding.end.column } : {}),
    title: `mirrorscope ${finding.migration}: ${label}`,
  };
  return command(finding.disposition === 'report' ? 'notice' : 'warning', properties, messageWithAdvice(finding));
}

function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(properties)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
    .join(',');
  return `::${name} ${list}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
