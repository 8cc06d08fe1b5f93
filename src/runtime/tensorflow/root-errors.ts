/** Extracts the errors from a message in which TensorFlow summarizes several of them. Pure. */

/**
 * The beginning of each error in a summary: its number and its code. Source: `StatusGroup::as_summary_status`,
 * tensorflow/core/platform/status.cc.
 */
const ENTRY = /^ {2}\(\d+\) ([A-Z_]+): /mu;

/** Codes of ops that stopped because another op failed. */
const STOPPED_BY_OTHERS: ReadonlySet<string> = new Set(['CANCELLED', 'ABORTED']);

/** The nodes that passed an error on: the only difference between two reports of the same error. */
const NODE = /^[ \t]*\[\[.*\]\]$/gmu;

interface RootError {
  readonly code: string;
  readonly message: string;
}

function rootErrors(summary: string): readonly RootError[] {
  const [, ...parts] = summary
    .replace(/\n\d+ successful operations\.\n\d+ derived errors ignored\.\s*$/u, '')
    .split(ENTRY);
  return Array.from({ length: parts.length / 2 }, (_, index) => ({
    code: parts[2 * index] ?? '',
    message: (parts[2 * index + 1] ?? '').trimEnd(),
  }));
}

/**
 * Reduces a summary of several errors to the distinct errors, one per line, and leaves out those of ops that another
 * error stopped. The set of reporting ops depends on timing; report each distinct error once.
 *
 * @param message - The message of a `TF_Status`.
 * @returns The errors, or the same message when it is no summary.
 */
export function withoutSummary(message: string): string {
  if (!/^\d+ root error\(s\) found\./u.test(message)) return message;
  const all = rootErrors(message);
  const causes = all.filter(({ code }) => !STOPPED_BY_OTHERS.has(code));
  const reported = causes.length > 0 ? causes : all;
  const withoutNodes = (error: RootError): string => error.message.replace(NODE, '').trim();
  const distinct = reported.filter(
    (error, index) => reported.findIndex((other) => withoutNodes(other) === withoutNodes(error)) === index,
  );
  return distinct.length === 0 ? message : distinct.map((error) => error.message).join('\n');
}
