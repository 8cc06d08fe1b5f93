/** Reports syntax errors; the rest of the file is migrated. Pure. */
import type { Finding, Plan } from '../result.js';
import type { PythonSource } from './syntax/source.js';

/** Adds a finding for each node that the grammar could not read. */
export function withSyntaxFindings(migration: string, source: PythonSource, plan: Plan): Plan {
  const errors = source.syntaxErrors();
  if (errors.length === 0) return plan;
  const unreadable = errors.map((error): Finding => ({
    migration,
    api: 'syntax',
    message: 'this is neither Python 2 nor Python 3, so it was not migrated',
    disposition: 'report',
    start: source.position(error.start),
    end: source.position(error.end),
  }));
  return { changes: plan.changes, findings: [...plan.findings, ...unreadable] };
}
