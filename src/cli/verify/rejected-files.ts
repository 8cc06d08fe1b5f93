/** Takes back the changes of files whose new text was rejected, and of those that change together with them. Pure. */
import type { FileError } from '../../codemods/result.js';
import type { ReportedFile } from '../../report/run-report.js';
import type { ChangedText } from '../../verify/verify-changes.js';

/** The files that a run changes, with both texts. */
export function changedTexts(files: readonly ReportedFile[]): ChangedText[] {
  return files.flatMap(({ result: { path, output }, original }) =>
    output === undefined || original === undefined ? [] : [{ path, original, output }],
  );
}

/**
 * Takes back changes.
 *
 * @param files - The files of the run.
 * @param rejected - The files that keep their old text, and why.
 * @returns The files; those that keep their old text are `failed`.
 */
export function withRejected(
  files: readonly ReportedFile[],
  rejected: ReadonlyMap<string, FileError>,
): readonly ReportedFile[] {
  if (rejected.size === 0) return files;
  const all = withGroups(rejected, files);
  return files.map((file) => {
    const error = all.get(file.result.path);
    return error === undefined ? file : rejectedFile(file, error);
  });
}

/** Rejects the whole group of a rejected file, because the files of a group are written together or not at all. */
function withGroups(
  rejected: ReadonlyMap<string, FileError>,
  files: readonly ReportedFile[],
): ReadonlyMap<string, FileError> {
  const all = new Map(rejected);
  for (const { result, group } of files) {
    const cause = rejected.get(result.path);
    if (cause === undefined || group === undefined) continue;
    for (const other of files) {
      if (other.group !== group || all.has(other.result.path)) continue;
      all.set(other.result.path, {
        ...cause,
        message: `It changes together with ${result.path}, which failed: ${cause.message}`,
      });
    }
  }
  return all;
}

function rejectedFile({ result: { path, findings } }: ReportedFile, error: FileError): ReportedFile {
  return { result: { path, status: 'failed', findings, error }, todoMarks: 0 };
}
