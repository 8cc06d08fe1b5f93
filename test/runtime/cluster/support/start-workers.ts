/**
 * Starts the processes of a cluster on free loopback ports, and ends them all. Each runs a program of `../programs`,
 * which writes its result as JSON. The programs use the built runtime: needs dist/.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { rolldown } from 'rolldown';

import { findFreePorts } from '../../../../src/launch/free-ports.js';

/** The folder of the project. */
export const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const PROGRAMS = join(ROOT, 'test/runtime/cluster/programs');
/** Below the root, so that programs find its packages. */
export const BUILT = join(ROOT, 'node_modules/.cache/cluster-programs');

/** One process of a cluster. */
export interface WorkerProcess {
  /** Its number in the cluster. */
  readonly worker: number;
  readonly child: ChildProcess;
  /** Everything that it has printed. */
  readonly output: () => string;
  /** Resolves when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** What it wrote with `writeResult`. */
  readonly result: () => unknown;
}

/** The processes of a cluster. */
export interface Workers {
  readonly all: readonly WorkerProcess[];
  /** Ends the processes that still run, and removes their files. */
  stop(): Promise<void>;
}

/** How the processes start. */
export interface WorkersOptions {
  readonly program: string;
  readonly workers: number;
  /** What a process runs instead of the program: a command and its arguments. Default: the program. */
  readonly command?: (worker: number) => readonly [string, ...string[]] | undefined;
  /** Passed to each process, with its own number. */
  readonly environment?: (worker: number) => Readonly<Record<string, string>>;
  /** The addresses in TF_CONFIG. Default: free ports. */
  readonly addresses?: readonly string[];
  /** The processes that start. Default: all. */
  readonly started?: readonly number[];
}

/** Finds free ports on the loopback interface, which no program gets for its outgoing connections. */
export async function freeAddresses(count: number): Promise<string[]> {
  return (await findFreePorts(count)).map((port) => `127.0.0.1:${String(port)}`);
}

/**
 * Bundles a program with the test modules that it imports.
 *
 * @param program - Its name.
 * @param runtime - The folder of the built library. Default: dist/.
 * @returns The file.
 */
export async function buildProgram(program: string, runtime = join(ROOT, 'dist')): Promise<string> {
  const file = join(BUILT, String(process.pid), runtime.replaceAll(/\W/g, '-'), `${program}.mjs`);
  if (existsSync(file)) return file;
  const bundle = await rolldown({
    input: join(PROGRAMS, `${program}.ts`),
    platform: 'node',
    plugins: [
      {
        name: 'built-runtime',
        resolveId(source) {
          const inSources = /\/src\/(.*)$/.exec(source);
          if (inSources !== null && source.startsWith('.'))
            return { id: pathToFileURL(join(runtime, inSources[1] ?? '')).href, external: true };
          return source.startsWith('.') || source.startsWith('/') ? undefined : { id: source, external: true };
        },
      },
    ],
  });
  await bundle.write({ file, format: 'esm', codeSplitting: false } as never);
  return file;
}

/** Starts the processes of a cluster. The caller stops them. */
export async function startWorkers(options: WorkersOptions): Promise<Workers> {
  const { program, workers, command = () => undefined, environment = () => ({}) } = options;
  const file = await buildProgram(program);
  const folder = mkdtempSync(join(tmpdir(), 'cluster-'));
  const addresses = options.addresses ?? (await freeAddresses(workers));
  const numbers = options.started ?? addresses.map((_, worker) => worker);
  const all = numbers.map((worker): WorkerProcess => {
    const resultFile = join(folder, `${String(worker)}.json`);
    const [executable, ...args] = command(worker) ?? [process.execPath, file];
    const child = spawn(executable, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        MIRRORSCOPE_ENGINE: 'tensorflow',
        TF_CPP_MIN_LOG_LEVEL: '3',
        TF_CONFIG: JSON.stringify({ cluster: { worker: addresses }, task: { type: 'worker', index: worker } }),
        RESULT_FILE: resultFile,
        ...environment(worker),
      },
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
    return {
      worker,
      child,
      output: () => text,
      ended: once(child, 'close').then(([code, signal]: unknown[]) => ({ code, signal }) as never),
      result: () => (existsSync(resultFile) ? JSON.parse(readFileSync(resultFile, 'utf8')) : undefined) as unknown,
    };
  });
  return {
    all,
    async stop() {
      for (const { child } of all) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await Promise.all(all.map(({ ended }) => ended));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Runs a program in every process of a cluster.
 *
 * @returns What each process wrote with `writeResult`.
 * @throws {Error} With the output of a process that failed or took too long.
 */
export async function runWorkers(options: WorkersOptions & { readonly timeoutMs: number }): Promise<unknown[]> {
  const workers = await startWorkers(options);
  const timer = setTimeout(() => {
    for (const { child } of workers.all) child.kill('SIGKILL');
  }, options.timeoutMs);
  try {
    const ends = await Promise.all(workers.all.map(({ ended }) => ended));
    ends.forEach(({ code, signal }, worker) => {
      if (code === 0) return;
      throw new Error(
        `worker ${String(worker)} ended with ${String(code ?? signal)}:\n${workers.all[worker]?.output() ?? ''}`,
      );
    });
    return workers.all.map(({ result }) => result());
  } finally {
    clearTimeout(timer);
    await workers.stop();
  }
}
