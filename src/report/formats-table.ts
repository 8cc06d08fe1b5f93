/** Every report format. Data only: the help, the option parser, docs/cli.md and the tests derive from it. */
import type { ReportFormat } from './format.js';

/** The format of a run without `--format`. */
export const DEFAULT_FORMAT: ReportFormat = {
  name: 'text',
  description: 'is for people. Its colours depend on the terminal, `NO_COLOR` and `FORCE_COLOR`.',
  acceptsDiff: true,
  load: async () => (await import('./formats/text.js')).renderText,
};

export const REPORT_FORMATS: readonly ReportFormat[] = [
  DEFAULT_FORMAT,
  {
    name: 'json',
    description:
      'follows [schema/report.schema.json](../schema/report.schema.json). `schemaVersion` goes up when a field changes its meaning or is removed. It does not go up for a new field.',
    acceptsDiff: true,
    load: async () => (await import('./formats/json.js')).renderJson,
  },
  {
    name: 'sarif',
    description: 'writes SARIF 2.1.0. Failed files and follow-up work are notifications of the invocation.',
    acceptsDiff: false,
    load: async () => (await import('./formats/sarif.js')).renderSarif,
  },
  {
    name: 'github',
    description: 'writes annotations for GitHub Actions. Paths are relative to `GITHUB_WORKSPACE`.',
    acceptsDiff: false,
    load: async () => (await import('./formats/github.js')).renderGithub,
  },
];
