/** What cannot be parsed is said, with its line; the rest of the file is looked at all the same. Pure. */
import type { Finding, Plan } from '../result.js';
import type { PythonSource } from './syntax/source.js';

/** The plan with a finding for each place that the grammar could not read. Changes that touch one are dropped. */
export function withSyntaxFindings(migration: string, source: PythonSource, plan: Plan): Plan {
  const errors = source.syntaxErrors();
  if (errors.length === 0) return plan;
  const unreadable = errors.map((error): Finding => ({
    migration,
    api: 'syntax',
    message: `This cannot be parsed as Python 2 or 3; what is in it was not looked at.`,
    disposition: 'report',
    start: source.position(error.start),
    end: source.position(error.end),
  }));
  return { changes: plan.changes, findings: [...plan.findings, ...unreadable] };
}
