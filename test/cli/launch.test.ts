/** `mirrorscope launch` with real processes. The workers are plain Node programs without TensorFlow. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { namespaceObstacle } from '../../src/launch/network-namespace.js';
import { temporaryTree } from '../scan/temporary-tree.js';

import { BIN, type CommandResult, mirrorscope, plainEnvironment } from './command.js';

const CAN_ISOLATE = namespaceObstacle() === undefined;
const MODES = CAN_ISOLATE ? ['--no-isolate', '--isolate'] : ['--no-isolate'];

function launch(script: string, words: readonly string[], environment: NodeJS.ProcessEnv = {}): CommandResult {
  const root = temporaryTree({ 'train.mjs': script });
  return mirrorscope(root, ['launch', ...words], { environment });
}

/** The lines without the launcher's own. */
function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('mirrorscope:'));
}

interface Started {
  readonly child: ChildProcess;
  readonly root: string;
  /** Waits until the output has as many lines with this text. */
  readonly waitFor: (text: string, count: number) => Promise<void>;
  readonly output: () => string;
}

/** Starts the launcher without waiting for its end. */
function start(script: string, words: readonly string[]): Started {
  const root = temporaryTree({ 'train.mjs': script });
  const child = spawn(process.execPath, [BIN, 'launch', ...words], { cwd: root, env: plainEnvironment() });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const waitFor = async (text: string, count: number): Promise<void> => {
    const deadline = Date.now() + 20_000;
    while (output.split(text).length - 1 < count) {
      if (Date.now() > deadline || child.exitCode !== null) throw new Error(`never printed ${text}:\n${output}`);
      await sleep(20);
    }
  };
  return { child, root, waitFor, output: () => output };
}

/** The process ids that workers printed as `pid=…`. */
function pidsIn(text: string): number[] {
  return [...text.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    // A zombie counts as ended: nobody but its parent can remove it.
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function expectAllEnded(pids: readonly number[]): Promise<void> {
  const deadline = Date.now() + 5000;
  while (pids.some(isAlive) && Date.now() < deadline) await sleep(20);
  expect(pids.filter(isAlive)).toEqual([]);
}

const PRINT = `
  const { cluster, task } = JSON.parse(process.env.TF_CONFIG);
  console.log(JSON.stringify({ cluster, task, args: process.argv.slice(2),
    devices: process.env.MIRRORSCOPE_DEVICES_PER_WORKER, restarts: process.env.MIRRORSCOPE_RESTART_COUNT }));
`;

describe.each(MODES)('launch %s', (mode) => {
  it('starts each worker with its TF_CONFIG and passes the arguments on', () => {
    const words = [mode, '--workers', '3', '--devices-per-worker=2', 'train.mjs', '--workers', '9', '-w', 'x'];
    const { code, stdout } = launch(PRINT, words);
    expect(code).toBe(0);
    const lines = linesOf(stdout).sort();
    expect(lines.map((line) => line.slice(0, 11))).toEqual(['[worker 0] ', '[worker 1] ', '[worker 2] ']);
    const workers = lines.map((line) => JSON.parse(line.slice(11)) as { cluster: { worker: string[] }; task: object });
    expect(workers.map(({ task }) => task)).toEqual([0, 1, 2].map((index) => ({ type: 'worker', index })));
    expect(new Set(workers.map(({ cluster }) => JSON.stringify(cluster))).size).toBe(1);
    expect(new Set(workers[0]?.cluster.worker).size).toBe(3);
    expect(workers[0]).toMatchObject({ args: ['--workers', '9', '-w', 'x'], devices: '2', restarts: '0' });
  });

  it('exits with the code of the first failure, and ends workers that do not end', async () => {
    const script = `
      const { index } = JSON.parse(process.env.TF_CONFIG).task;
      console.log('pid=' + process.pid + ' ');
      if (index === 1) setTimeout(() => process.exit(7), 300);
      if (index === 2) process.on('SIGTERM', () => console.log('ignored SIGTERM'));
      if (index !== 1) setInterval(() => {}, 1000);
    `;
    const { code, stdout, stderr } = launch(script, [mode, '--workers', '3', '--grace', '1', 'train.mjs']);
    expect(code).toBe(7);
    expect(stdout).toContain('[worker 2] ignored SIGTERM\n');
    expect(stderr).toContain('mirrorscope: worker 1 exited with 7. The others have 1 s to end by themselves.\n');
    await expectAllEnded(pidsIn(stdout));
  });

  it('sends SIGTERM on once, and does not start again', async () => {
    const script = `
      let count = 0;
      process.on('SIGTERM', () => { count++; setTimeout(() => { console.log('saved after ' + count); process.exit(42); }, 200); });
      console.log('ready pid=' + process.pid + ' ');
      setInterval(() => {}, 1000);
    `;
    const { child, waitFor, output } = start(script, [mode, '--workers', '2', '--max-restarts', '3', 'train.mjs']);
    await waitFor('ready', 2);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(42);
    expect(linesOf(output()).filter((line) => line.includes('saved after 1'))).toHaveLength(2);
    expect(output()).not.toContain('Restart');
    await expectAllEnded(pidsIn(output()));
  });

  it('a second signal kills at once', async () => {
    const script = `
      process.on('SIGINT', () => console.log('interrupted'));
      console.log('ready pid=' + process.pid + ' ');
      setInterval(() => {}, 1000);
    `;
    const { child, waitFor, output } = start(script, [mode, '--workers', '2', '--grace', '60', 'train.mjs']);
    await waitFor('ready', 2);
    child.kill('SIGINT');
    await waitFor('interrupted', 2);
    child.kill('SIGINT');
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(137);
    await expectAllEnded(pidsIn(output()));
  });

  it.skipIf(process.platform !== 'linux' || !existsSync('/usr/bin/setpriv'))(
    'when the launcher is killed, its workers end as well',
    async () => {
      const script = `console.log('ready pid=' + process.pid + ' '); setInterval(() => {}, 1000);`;
      const { child, waitFor, output } = start(script, [mode, '--workers', '3', '--grace', '1', 'train.mjs']);
      await waitFor('ready', 3);
      child.kill('SIGKILL');
      await once(child, 'close');
      await expectAllEnded(pidsIn(output()));
    },
  );

  it('starts the whole job again, as often as allowed', () => {
    const script = `
      const { index } = JSON.parse(process.env.TF_CONFIG).task;
      const restarts = Number(process.env.MIRRORSCOPE_RESTART_COUNT);
      console.log('start', restarts);
      if (restarts < 2 && index === 0) process.kill(process.pid, 'SIGKILL');
      if (restarts < 2) setTimeout(() => process.exit(1), 100);
    `;
    const done = launch(script, [mode, '--workers', '2', '--max-restarts', '2', 'train.mjs']);
    expect(done.code).toBe(0);
    expect(linesOf(done.stdout).sort()).toEqual(
      [0, 1].flatMap((worker) => [0, 1, 2].map((n) => `[worker ${worker}] start ${n}`)),
    );
    expect(done.stderr).toContain('mirrorscope: Restart 2 of 2, because worker 0 was killed by SIGKILL.\n');
    expect(launch(script, [mode, '--workers', '2', '--max-restarts', '1', 'train.mjs']).code).toBe(137);
  });
});

describe('launch', () => {
  it('restarts a preempted job, but not one with a wrong command line', () => {
    const exitWith = (code: number) => `process.exit(process.env.MIRRORSCOPE_RESTART_COUNT === '0' ? ${code} : 0)`;
    const codeOf = (code: number) =>
      launch(exitWith(code), ['--no-isolate', '--workers', '1', '--max-restarts', '1', 'train.mjs']).code;
    expect([codeOf(42), codeOf(1), codeOf(2)]).toEqual([0, 0, 2]);
  });

  it('never mixes the lines of several workers, and keeps both streams apart', () => {
    const script = `
      const { index } = JSON.parse(process.env.TF_CONFIG).task;
      const line = (n) => 'é'.repeat(50) + index + '/' + n;
      for (let n = 0; n < 200; n++) {
        const text = line(n) + '\\n';
        const stream = n % 2 ? process.stdout : process.stderr;
        stream.write(text.slice(0, 31));
        await new Promise((resolve) => setTimeout(resolve, n % 20 === 0 ? 1 : 0));
        stream.write(text.slice(31));
      }
      process.stdout.write('no newline');
    `;
    const { code, stdout, stderr } = launch(script, ['--no-isolate', '--workers', '3', 'train.mjs']);
    expect(code).toBe(0);
    for (const [text, remainder] of [
      [stdout, 1],
      [stderr, 0],
    ] as const) {
      for (const worker of [0, 1, 2]) {
        const own = linesOf(text).filter((line) => line.startsWith(`[worker ${worker}] é`));
        const expected = Array.from(
          { length: 100 },
          (_, n) => `[worker ${worker}] ${'é'.repeat(50)}${worker}/${2 * n + remainder}`,
        );
        expect(own).toEqual(expected);
      }
    }
    expect(linesOf(stdout).filter((line) => line.endsWith('] no newline'))).toHaveLength(3);
  });

  it('ends what the workers started and left behind', async () => {
    const script = `
      import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      child.unref();
      console.log('pid=' + child.pid + ' ');
    `;
    const { code, stdout } = launch(script, ['--no-isolate', '--workers', '2', 'train.mjs']);
    expect(code).toBe(0);
    expect(pidsIn(stdout)).toHaveLength(2);
    await expectAllEnded(pidsIn(stdout));
  });

  it('colours the prefixes on request', () => {
    const { stdout } = launch(`console.log('x')`, ['--no-isolate', '--workers', '2', 'train.mjs'], {
      FORCE_COLOR: '1',
    });
    expect(stdout.split('\n').sort().slice(1)).toEqual([
      '\u001B[32m[worker 1]\u001B[39m x',
      '\u001B[36m[worker 0]\u001B[39m x',
    ]);
  });

  it.skipIf(!CAN_ISOLATE)('isolates by default: no other program can reach a port of a worker', async () => {
    const script = `
      import net from 'node:net';
      const { cluster, task } = JSON.parse(process.env.TF_CONFIG);
      const ports = cluster.worker.map((address) => Number(address.split(':')[1]));
      const server = net.createServer((socket) => socket.end('hello from ' + task.index)).listen(ports[task.index]);
      const ask = () => {
        const socket = net.connect(ports[1 - task.index], '127.0.0.1');
        socket.on('error', () => setTimeout(ask, 50));
        socket.on('data', (text) => console.log(String(text), 'port=' + ports[task.index] + ' '));
      };
      ask();
      setInterval(() => {}, 1000);
    `;
    const { child, waitFor, output } = start(script, ['--workers', '2', 'train.mjs']);
    await waitFor('hello from', 2);
    expect(output()).toContain('mirrorscope: The workers run in a network namespace of their own');
    const [, port] = /port=(\d+)/.exec(output()) ?? [];
    const socket = net.connect(Number(port), '127.0.0.1');
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    child.kill('SIGTERM');
    await once(child, 'close');
  });

  it('says what is wrong with the command line', () => {
    const root = temporaryTree({ 'train.mjs': '', 'train.py': '', [path.join('folder', 'x')]: '' });
    const messageOf = (...words: string[]) => mirrorscope(root, ['launch', ...words]).stderr.split('\n')[0];
    expect(messageOf('--workers', '2')).toBe('mirrorscope: `mirrorscope launch` needs a script.');
    expect(messageOf('train.mjs')).toBe(
      'mirrorscope: `mirrorscope launch` needs --workers with the number of workers.',
    );
    expect(messageOf('--workers', '2', 'none.js')).toBe('mirrorscope: There is no script none.js.');
    expect(messageOf('--workers', '2', 'train.py')).toBe(
      'mirrorscope: `mirrorscope launch` starts Node.js programs, and train.py is a Python program.',
    );
    expect(messageOf('--workers', '2', 'folder')).toBe('mirrorscope: There is no script folder.');
    expect(messageOf('--workers', '0', 'train.mjs')).toBe(
      'mirrorscope: --workers takes a number from 1 to 1000, not 0.',
    );
    expect(messageOf('--worker', '2', 'train.mjs')).toContain('has no option --worker. Did you mean --workers?');
    expect(messageOf('--isolate', '--no-isolate', '--workers', '1', 'train.mjs')).toContain('exclude each other');
  });
});
