/**
 * A network namespace of Linux with nothing but a loopback interface. TensorFlow's server listens on every address and
 * knows no authentication; in such a namespace, nothing outside can reach it. Starts programs.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { delimiter, join } from 'node:path';

/** A program and its arguments. */
export type CommandLine = readonly [command: string, ...words: string[]];

// `-r` makes a user namespace as well, so that no rights are needed. The loopback interface starts switched off.
const LOOPBACK_UP = 'ip link set lo up 2>/dev/null || ifconfig lo up';

/**
 * Whether programs outside of this network namespace cannot reach its ports.
 *
 * @returns True when every interface is a loopback.
 */
export function isIsolated(): boolean {
  return !Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal));
}

/**
 * Finds out whether this user may make a network namespace here.
 *
 * @returns Undefined if so; otherwise the reason, as the rest of a sentence that starts with "because".
 */
export function namespaceObstacle(): string | undefined {
  if (process.platform !== 'linux') return 'only Linux has network namespaces';
  const { error, status, stderr } = spawnSync('unshare', ['-rn', 'sh', '-c', LOOPBACK_UP], { encoding: 'utf8' });
  if (error !== undefined) return 'the program unshare is missing (package util-linux)';
  if (status === 0) return undefined;
  const [line = ''] = stderr.trim().split('\n');
  return line === '' ? `unshare exited with ${String(status)}` : line;
}

/**
 * Wraps a command line so that it runs in a network namespace of its own, and ends when its parent ends.
 *
 * @param command - The command line.
 * @returns The command line that makes the namespace first.
 */
export function inNamespace(command: CommandLine): CommandLine {
  const script = `(${LOOPBACK_UP}) && exec "$@"`;
  return ['unshare', '-rn', ...boundToParent(['sh', '-c', script, 'sh', ...command], 'TERM')];
}

/**
 * Wraps a command line so that the kernel ends it when its parent ends, even if the parent is killed. Without the
 * program `setpriv`, it stays as it is.
 *
 * @param command - The command line.
 * @param signal - The signal that the kernel sends, without `SIG`.
 * @returns The command line.
 */
export function boundToParent(command: CommandLine, signal: 'KILL' | 'TERM'): CommandLine {
  return hasSetpriv() ? ['setpriv', '--pdeathsig', signal, '--', ...command] : command;
}

function hasSetpriv(): boolean {
  if (process.platform !== 'linux') return false;
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'setpriv')));
}
