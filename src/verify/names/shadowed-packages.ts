/** Finds out which packages a program takes from its own repository instead of the installed ones. Pure. */

/** The packages whose names are looked up. */
export const PACKAGES: readonly string[] = ['tensorflow', 'keras', 'tf_keras', 'numpy'];

/** The packages that a repository brings itself: a fork of Keras, for example. */
export class ShadowedPackages {
  /** By package: the folders from which it is imported. */
  readonly #folders: ReadonlyMap<string, readonly string[]>;

  /** @param paths - All Python files of the repository, with forward slashes. */
  constructor(paths: readonly string[]) {
    const folders = PACKAGES.map((name): [string, string[]] => {
      const module = new RegExp(`^(.*/)?${name}(?:\\.py|/__init__\\.py)$`);
      return [name, paths.flatMap((path) => module.exec(path)?.[1] ?? (module.test(path) ? '' : []))];
    });
    this.#folders = new Map(folders);
  }

  /**
   * Tells which packages a file takes from the installation.
   *
   * @param path - The file, with forward slashes.
   * @returns Names of packages.
   */
  installedFor(path: string): string[] {
    return PACKAGES.filter((name) => this.#folders.get(name)?.some((folder) => path.startsWith(folder)) !== true);
  }
}
