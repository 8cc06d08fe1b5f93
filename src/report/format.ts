/** What a report format is. Types only; `formats-table.ts` lists the formats. */
import type { Palette } from './palette.js';
import type { RunReport } from './run-report.js';

/** How to render a report. Every format receives all options and uses those that it needs. */
export interface RenderOptions {
  /** Whether to show each change as a diff that `git apply` accepts. */
  readonly diff: boolean;
  /** Whether the run only checks: then the report lists every finding instead of previewing changes. */
  readonly check: boolean;
  /** Colours of the report. */
  readonly palette: Palette;
  /** Colours of the notes. */
  readonly notesPalette: Palette;
  /**
   * The path from the top of the repository to the root of the run: `packages/app/`, or empty. A format whose reader
   * works from the top of the repository, such as a CI service, puts it in front of each path.
   */
  readonly pathPrefix: string;
  /** One sentence about a migration; `undefined` for an unknown name. */
  readonly describeMigration: (name: string) => string | undefined;
}

/** A rendered report. */
export interface RenderedReport {
  /** Goes to standard output or to the output file. Ends with a newline unless it is empty. */
  readonly output: string;
  /** Goes to standard error, when the output is for a program and a person still wants the summary. */
  readonly notes?: string;
}

/** Renders a report in one format. */
export type RenderReport = (report: RunReport, options: RenderOptions) => RenderedReport | Promise<RenderedReport>;

/** One report format. */
export interface ReportFormat {
  /** The value of `--format`. */
  readonly name: string;
  /** Completes the sentence that begins with `--format NAME`, in docs/cli.md. */
  readonly description: string;
  /** Whether the format can be combined with `--diff`. */
  readonly acceptsDiff: boolean;
  /** Loads the format on demand, because start-up time counts. */
  readonly load: () => Promise<RenderReport>;
}
