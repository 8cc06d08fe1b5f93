/** Shows files as they will be after a change. Pure. */
import type { SourceFiles } from '../migration.js';

/**
 * Replaces the texts of some files.
 *
 * @param files - The files of the project.
 * @param texts - New texts without byte-order mark, by absolute path.
 * @returns The project with the new texts.
 */
export function overlayFiles(files: SourceFiles, texts: ReadonlyMap<string, string>): SourceFiles {
  return {
    ...(files.list === undefined ? {} : { list: (path) => files.list?.(path) ?? [] }),
    read: (path) => texts.get(path) ?? files.read(path),
    isDirectory: (path) => files.isDirectory(path),
  };
}
