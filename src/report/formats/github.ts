/** GitHub Actions workflow commands, which show as annotations on a pull request. Pure. */
import type { Finding } from '../../codemods/result.js';

import { adviceFor, dispositionLabel } from '../finding-text.js';
import { leftoverFindings, type RunReport } from '../run-report.js';

import { summaryLines } from './text.js';

/** One line a place that is left, then the summary as a notice. `pathPrefix` leads from the repository's root to the run's. */
export function githubReport(report: RunReport, pathPrefix = ''): string {
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
  return `${lines.join('\n')}\n`;
}

function annotation(path: string, finding: Finding): string {
  const advice = adviceFor(finding);
  const label = finding.reason ?? dispositionLabel(finding.disposition, false);
  const properties: Record<string, string | number> = {
    file: path,
    line: finding.start.line,
    endLine: finding.end.line,
    // GitHub takes columns only for a range within one line.
    ...(finding.start.line === finding.end.line ? { col: finding.start.column, endColumn: finding.end.column } : {}),
    title: `mirrorscope ${finding.migration}: ${label}`,
  };
  const message = advice === undefined ? finding.message : `${finding.message} ${advice}`;
  return command(finding.disposition === 'report' ? 'notice' : 'warning', properties, message);
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
