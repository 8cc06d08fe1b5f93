/** `--format sarif`: SARIF 2.1.0, for code scanning services. Pure. */
import type { Disposition, FileError, Finding } from '../../codemods/result.js';
import type { RenderedReport, RenderOptions } from '../format.js';

import { ExitCode, exitCodeOf } from '../exit-code.js';
import { dispositionLabel, docsFor, messageWithAdvice } from '../finding-text.js';
import { leftoverFindings, type RunReport } from '../run-report.js';

const SCHEMA_URI = 'https://json.schemastore.org/sarif-2.1.0.json';
const ROOT = '%SRCROOT%';

/**
 * Renders the report as one SARIF log. Findings that were rewritten on disk are not results.
 *
 * @param report - The run.
 * @param options - How to describe a migration.
 * @returns The report.
 */
export function renderSarif(report: RunReport, { describeMigration }: RenderOptions): RenderedReport {
  const exitCode = exitCodeOf(report);
  const left = report.files.flatMap((file) =>
    leftoverFindings(file, report.applied).map((finding) => ({ path: file.result.path, finding })),
  );
  const rules = [...new Set(left.map(({ finding }) => finding.migration))].sort();
  const notifications = [
    ...report.files.flatMap(({ result }) =>
      result.error === undefined ? [] : [notification(result.path, result.error)],
    ),
    ...report.followUps.map((text) => ({ level: 'note', descriptor: { id: 'FOLLOW_UP' }, message: { text } })),
  ];
  const log = {
    $schema: SCHEMA_URI,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'mirrorscope',
            semanticVersion: report.version,
            rules: rules.map((id) => rule(id, describeMigration(id))),
          },
        },
        invocations: [
          { executionSuccessful: exitCode !== ExitCode.Failed, exitCode, toolExecutionNotifications: notifications },
        ],
        columnKind: 'utf16CodeUnits',
        results: left.map(({ path, finding }) => result(path, finding, rules.indexOf(finding.migration))),
      },
    ],
  };
  return { output: `${JSON.stringify(log, null, 2)}\n` };
}

function rule(id: string, description: string | undefined): object {
  return {
    id,
    ...(description === undefined ? {} : { shortDescription: { text: description } }),
    defaultConfiguration: { level: 'warning' },
  };
}

const LEVELS: ReadonlyMap<Disposition, string> = new Map([
  ['rewrite', 'warning'],
  ['refuse', 'warning'],
  ['report', 'note'],
  ['warn', 'warning'],
]);

function result(path: string, finding: Finding, ruleIndex: number): object {
  return {
    ruleId: finding.migration,
    ruleIndex,
    level: LEVELS.get(finding.disposition),
    message: { text: messageWithAdvice(finding) },
    locations: [
      {
        physicalLocation: {
          ...artifact(path),
          region: {
            startLine: finding.start.line,
            startColumn: finding.start.column,
            endLine: finding.end.line,
            endColumn: finding.end.column,
          },
        },
      },
    ],
    properties: {
      api: finding.api,
      disposition: dispositionLabel(finding.disposition, false),
      ...(finding.reason === undefined ? {} : { reason: finding.reason, docs: docsFor(finding) }),
    },
  };
}

function notification(path: string, error: FileError): object {
  return {
    level: 'error',
    descriptor: { id: error.code },
    message: { text: `${error.message} ${error.hint}` },
    locations: [{ physicalLocation: artifact(path) }],
  };
}

function artifact(path: string): object {
  return { artifactLocation: { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: ROOT } };
}
