/** Runs the built executable as a user would. */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The executable that `npm run build` makes. */
export const BIN = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

/** The outcome of a command. */
export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a test, without variables of the machine that change the output. */
export function plainEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, ...extra };
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'GITHUB_WORKSPACE', 'NODE_OPTIONS', 'VITEST']) {
    if (!(name in extra)) Reflect.deleteProperty(environment, name);
  }
  return environment;
}

/** Runs `mirrorscope` in a folder. */
export function mirrorscope(
  directory: string,
  words: readonly string[],
  { input, environment = {} }: { input?: string | Uint8Array; environment?: NodeJS.ProcessEnv } = {},
): CommandResult {
  if (!existsSync(BIN)) throw new Error('Run `npm run build` first: these tests start the built executable.');
  const result: SpawnSyncReturns<Buffer> = spawnSync(process.execPath, [BIN, ...words], {
    cwd: directory,
    env: plainEnvironment(environment),
    input: input ?? '',
    maxBuffer: 256 << 20,
  });
  return { code: result.status, stdout: result.stdout.toString('utf8'), stderr: result.stderr.toString('utf8') };
}
