/** Converts the relative paths of results to absolute paths and back. Pure. */

/**
 * The absolute path of a file of a run.
 *
 * @param root - Absolute path of the root of the run.
 * @param path - Relative to the root, with forward slashes.
 * @returns The absolute path, in the form in which the migrations see it.
 */
export function absolutePathOf(root: string, path: string): string {
  let end = root.length;
  while (root[end - 1] === '/' || root[end - 1] === '\\') end--;
  return `${root.slice(0, end)}/${path}`;
}

/**
 * The path of a file relative to the root of a run.
 *
 * @param root - Absolute path of the root.
 * @param absolutePath - Absolute path of the file.
 * @returns The relative path with forward slashes; the absolute path for a file outside the root.
 */
export function relativePathOf(root: string, absolutePath: string): string {
  const prefix = absolutePathOf(root, '');
  const slashed = absolutePath.replaceAll('\\', '/');
  return slashed.startsWith(prefix) ? slashed.slice(prefix.length) : slashed;
}
