/** Runs the job of a fault, and the job that is started again after it. Starts processes; needs dist/. */
import type { FaultReport } from '../programs/faults.js';

import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BackupFolder } from '../../../../src/runtime/layers/backup/backup-folder.js';

import { type Fault } from './fault-table.js';
import { buildProgram, BUILT, freeAddresses, ROOT, startWorkers, type WorkerProcess } from './start-workers.js';

/** The processes of a job. */
export const WORKERS = 3;

/** Within this time, every process that can end has ended. */
export const LIMIT_MS = 150_000;

/** How one start of a job ended. */
export interface JobEnd {
  /** When the fault began, in milliseconds since 1970. */
  readonly began: number;
  /** What each process reported; undefined for those that did not. */
  readonly reports: readonly (FaultReport | undefined)[];
  readonly outputs: readonly string[];
  /** How many processes did not end by themselves. */
  readonly left: number;
}

/** How often backups are saved, and where. */
export interface BackupPlace {
  readonly folder: string;
  readonly saveFreq: number;
}

/** Makes a place for the backups of one job. */
export function backupPlace(saveFreq: number): BackupPlace {
  return { folder: mkdtempSync(join(tmpdir(), 'faults-')), saveFreq };
}

/** How many steps the newest whole backup holds. */
export function savedSteps({ folder }: BackupPlace): number {
  const backups = new BackupFolder(folder);
  for (const number of backups.numbers()) {
    const content = backups.read<{ readonly step: number }>(number);
    if (content !== undefined) return content.header.step;
  }
  return 0;
}

/** Takes the end of the newest backup away. */
export function truncateNewest({ folder }: BackupPlace): void {
  const [newest = 0] = new BackupFolder(folder).numbers();
  truncateSync(join(folder, `backup-${String(newest).padStart(8, '0')}.bin`), 500);
}

/** Waits for a process, but not for ever. @returns Whether it has ended. */
function hasEnded({ ended }: WorkerProcess): Promise<boolean> {
  return Promise.race([
    ended.then(() => true),
    new Promise<boolean>((resolve) => {
      setTimeout(() => {
        resolve(false);
      }, LIMIT_MS).unref();
    }),
  ]);
}

/** The command of the process that has the fault, where it differs. */
async function commandOf({ kind }: Partial<Fault>): Promise<[string, ...string[]] | undefined> {
  const program = await buildProgram('faults');
  // A file may have 2 KB only, as if the disk were full.
  if (kind === 'full disk') return ['bash', '-c', 'ulimit -f 2; exec "$@"', 'sh', process.execPath, program];
  if (kind !== 'library version') return undefined;
  // Below the root, so that it finds its packages.
  const copy = join(BUILT, String(process.pid), 'library');
  cpSync(join(ROOT, 'dist'), join(copy, 'dist'), { recursive: true });
  const about = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as object;
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...about, version: '0.0.1' }));
  return [process.execPath, await buildProgram('faults', join(copy, 'dist'))];
}

/**
 * Starts a job, and waits until its processes have ended.
 *
 * @param fault - What happens; empty when nothing does.
 * @param backups - Where the job saves.
 * @returns How it ended. No process runs any more.
 */
export async function runJob(fault: Partial<Fault>, backups: BackupPlace): Promise<JobEnd> {
  const { kind, victim, at } = fault;
  const folder = mkdtempSync(join(tmpdir(), 'fault-'));
  const beganFile = join(folder, 'began');
  const addresses = await freeAddresses(WORKERS);
  if (kind === 'name') addresses[victim ?? 0] = 'nosuchhost.invalid:2222';
  const blocker = createServer();
  if (kind === 'port') await once(blocker.listen(Number(addresses[victim ?? 0]?.split(':')[1])), 'listening');
  const absent = kind === 'missing' || kind === 'name' ? victim : undefined;
  const command = await commandOf(fault);
  const started = Date.now();
  const workers = await startWorkers({
    program: 'faults',
    workers: WORKERS,
    addresses,
    started: addresses.map((_, worker) => worker).filter((worker) => worker !== absent),
    command: (worker) => (worker === victim ? command : undefined),
    environment: (worker) => ({
      FAULT: worker === victim ? JSON.stringify(fault) : '{}',
      BEGAN_FILE: beganFile,
      BACKUP_DIR: backups.folder,
      SAVE_FREQ: String(backups.saveFreq),
      DELETES_BACKUPS: String(at === 'end'),
      DEVICES: kind === 'device count' && worker === victim ? '2' : '1',
    }),
  });
  try {
    const { all } = workers;
    const stopped = all.filter(({ worker }) => kind === 'stop' && worker === victim);
    const others = all.filter((worker) => !stopped.includes(worker));
    const othersEnded = await Promise.all(others.map(hasEnded));
    // A process that was stopped goes on, and finds the others gone.
    for (const { child } of stopped) child.kill('SIGCONT');
    const stoppedEnded = await Promise.all(stopped.map(hasEnded));
    const of = (worker: number): WorkerProcess | undefined => all.find((each) => each.worker === worker);
    return {
      began: at !== undefined && existsSync(beganFile) ? Number(readFileSync(beganFile, 'utf8')) : started,
      reports: addresses.map((_, worker) => of(worker)?.result() as FaultReport | undefined),
      outputs: addresses.map((_, worker) => of(worker)?.output() ?? ''),
      left: [...othersEnded, ...stoppedEnded].filter((ended) => !ended).length,
    };
  } finally {
    blocker.close();
    await workers.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
