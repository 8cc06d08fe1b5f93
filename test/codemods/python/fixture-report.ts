/** The form of a fixture's `report.json`. */
import { type Finding } from '../../../src/codemods/result.js';

export interface FixtureReport {
  readonly description: string;
  /** The form of the code in the fixture, or why it is not a use of the API. */
  readonly pattern: string;
  /** Whether the input and the expected output are scripts that run and train. */
  readonly runnable?: boolean;
  readonly options?: Record<string, never>;
  readonly findings: readonly { readonly disposition: Finding['disposition'] }[];
}

/** The part of a finding that a fixture records. */
export function reportedFindings(
  file: string,
  findings: readonly Finding[],
  several: boolean,
): Record<string, unknown>[] {
  return findings.map(({ migration, disposition, reason, start, message }) => ({
    ...(several ? { file } : {}),
    line: start.line,
    migration,
    disposition,
    ...(reason === undefined ? {} : { reason }),
    message,
  }));
}
