/** The JSON that the command line prints, as far as the tests read it. Pure. */
import { type Finding } from '../../src/codemods/result.js';

/** The report of `migrate` and `check`. */
export interface JsonReport {
  readonly summary: Readonly<Record<string, unknown>>;
  readonly followUps: readonly string[];
  readonly files: readonly {
    readonly path: string;
    readonly status: string;
    readonly findings: readonly Finding[];
    readonly diff?: string;
    readonly error?: { readonly code: string };
  }[];
}

/** One run in a SARIF log. */
export interface SarifRun {
  readonly results: readonly unknown[];
  readonly invocations: readonly { readonly toolExecutionNotifications: readonly unknown[] }[];
  readonly tool: {
    readonly driver: { readonly rules: readonly { readonly shortDescription: { readonly text: string } }[] };
  };
}

/** The output of `list`. */
export interface JsonList {
  readonly schemaVersion: number;
  readonly migrations: readonly { readonly name: string; readonly optIn: boolean }[];
  readonly apis: readonly { readonly api: string }[];
}

/** Parses a report. */
export function parseReport(text: string): JsonReport {
  return JSON.parse(text) as JsonReport;
}

/** Parses the only run of a SARIF log. */
export function parseSarifRun(text: string): SarifRun {
  const [run] = (JSON.parse(text) as { readonly runs: readonly SarifRun[] }).runs;
  if (run === undefined) throw new Error('The SARIF log has no run.');
  return run;
}

/** Parses the output of `list`. */
export function parseList(text: string): JsonList {
  return JSON.parse(text) as JsonList;
}
