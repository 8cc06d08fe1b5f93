/** A message that sums up several errors of one function, as the errors themselves. Pure. */

/** How TensorFlow's `StatusGroup::as_summary_status` (tensorflow/core/platform/status.cc) begins each error: its place and its code. */
const ENTRY = /^ {2}\(\d+\) ([A-Z_]+): /mu;

/** Codes of ops that only stopped because another one failed. */
const CONSEQUENCES: ReadonlySet<string> = new Set(['CANCELLED', 'ABORTED']);

/** What differs between two reports of one error: the nodes that passed it on. */
const NODE = /^\s*\[\[.*\]\]$/gmu;

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
 * The message of an error without the counts that TensorFlow puts around it when several ops of a function failed.
 * Which ops get to report is a matter of time, so that the same mistake is told sometimes once, sometimes twice: it is told once here.
 * Several different errors keep a line each; those that only followed from another are left out.
 * @param message - A message of a `TF_Status`.
 */
export function withoutSummary(message: string): string {
  if (!/^\d+ root error\(s\) found\./u.test(message)) return message;
  const all = rootErrors(message);
  const causes = all.filter(({ code }) => !CONSEQUENCES.has(code));
  const told = causes.length > 0 ? causes : all;
  const mistake = (error: RootError): string => error.message.replace(NODE, '').trim();
  const distinct = told.filter(
    (error, index) => told.findIndex((other) => mistake(other) === mistake(error)) === index,
  );
  return distinct.length === 0 ? message : distinct.map((error) => error.message).join('\n');
}
