/** The form of a fixture's `report.json`. */
import { type Finding } from '../../../src/codemods/result.js';

export interface FixtureReport {
  readonly description: string;
  /** The shape of the code that the fixture shows, or why it is no use of the API. */
  readonly pattern: string;
  /** Whether input and expected output are scripts that train by themselves. */
  readonly runnable?: boolean;
  readonly options?: Record<string, never>;
  readonly findings: readonly { readonly disposition: Finding['disposition'] }[];
}

/** What of a finding a fixture records. */
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
