/** A project in memory. */
import type { SourceFiles } from '../../../../src/codemods/migration.js';

/** Makes files from texts by absolute path. */
export function memoryFiles(texts: Record<string, string>): SourceFiles {
  const paths = Object.keys(texts);
  const names = (folder: string): string[] => [
    ...new Set(
      paths
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''),
    ),
  ];
  return {
    read: (path) => texts[path],
    isDirectory: (path) => !paths.includes(path) && names(path).length > 0,
    list: (folder) => names(folder).sort(),
  };
}
