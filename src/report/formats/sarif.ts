/** SARIF 2.1.0, for code scanning services. Pure. */
import type { Disposition, FileError, Finding } from '../../codemods/result.js';

import { adviceFor, dispositionLabel, docsFor } from '../finding-text.js';
import { leftoverFindings, type RunReport } from '../run-report.js';

/** What SARIF says about a rule beyond its name. */
export type DescribeMigration = (migration: string) => string | undefined;

const SCHEMA_URI = 'https://json.schemastore.org/sarif-2.1.0.json';
const ROOT = '%SRCROOT%';

/** The report as one SARIF log, with a newline at its end. Places that were rewritten on disk are not results. */
export function sarifReport(
  report: RunReport,
  exitCode: number,
  describe: DescribeMigration = () => undefined,
): string {
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
            rules: rules.map((id) => rule(id, describe(id))),
          },
        },
        invocations: [{ executionSuccessful: exitCode !== 2, exitCode, toolExecutionNotifications: notifications }],
        columnKind: 'utf16CodeUnits',
        results: left.map(({ path, finding }) => result(path, finding, rules.indexOf(finding.migration))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
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
  const advice = adviceFor(finding);
  return {
    ruleId: finding.migration,
    ruleIndex,
    level: LEVELS.get(finding.disposition),
    message: { text: advice === undefined ? finding.message : `${finding.message} ${advice}` },
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
