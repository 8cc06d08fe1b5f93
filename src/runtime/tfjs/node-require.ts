/** Node's `require`, where there is a Node. Reads the process. */

interface ModuleBuiltin {
  createRequire(from: string): NodeJS.Require;
}

/** The part of `process` that is needed; older versions of Node, and browsers, lack some of it. */
export interface MaybeProcess {
  readonly env?: Readonly<Record<string, string | undefined>>;
  cwd?(): string;
  getBuiltinModule?(id: string): unknown;
}

/**
 * Node's `process`, whose own types promise more than every platform has.
 *
 * @returns The process; undefined outside Node.
 */
export function maybeProcess(): MaybeProcess | undefined {
  return globalThis.process;
}

/**
 * Makes a `require` that resolves packages from a place. Not a static import of `node:module`: the runtime must also
 * load where Node's builtins are absent.
 *
 * @param from - A file or a folder (ending in `/`): a path or a `file:` URL.
 * @returns The function; undefined outside Node.
 */
export function nodeRequire(from: string): NodeJS.Require | undefined {
  const builtin = maybeProcess()?.getBuiltinModule?.('node:module') as ModuleBuiltin | undefined;
  return builtin?.createRequire(from);
}

/**
 * Names the folder that the program runs in.
 *
 * @returns Its path, ending in `/`.
 */
export function workingDirectory(): string {
  return `${maybeProcess()?.cwd?.() ?? ''}/`;
}
