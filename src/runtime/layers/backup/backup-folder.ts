/**
 * The folder of backups. A backup is written under another name, forced to the disk and then renamed, so that whenever
 * the process or the machine stops, each backup is whole. The one before is kept. Reads and writes files.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';

import { ErrorCode } from '../../../errors/error-code.js';
import { fileAccessError } from '../../../errors/file-access-error.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';

import { type BackupContent, decodeBackup, encodeBackup } from './backup-file.js';

const NAME = /^backup-(\d{1,15})\.bin$/;
const UNFINISHED = /^backup-\d{1,15}\.bin\.part$/;
/** The newest, and one more in case the disk damages it. */
const KEPT = 2;

/** The backups of one training run. */
export class BackupFolder {
  readonly #path: string;

  /** @param path - The folder. It is made when the first backup is written. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Lists the backups.
   *
   * @returns Their numbers, newest first.
   * @throws {MirrorscopeError} `FILE_ACCESS` when the folder cannot be read.
   */
  numbers(): number[] {
    return this.#names()
      .flatMap((name) => (NAME.exec(name) ?? []).slice(1, 2).map(Number))
      .sort((left, right) => right - left);
  }

  /**
   * Reads one backup.
   *
   * @param number - Its number.
   * @returns What it holds; undefined when it is damaged.
   * @throws {MirrorscopeError} `FILE_ACCESS` when it cannot be read.
   */
  read<Header>(number: number): BackupContent<Header> | undefined {
    try {
      return decodeBackup<Header>(this.#attempt('read', () => readFileSync(this.#file(number))));
    } catch (error) {
      if (error instanceof MirrorscopeError && error.code === ErrorCode.BackupUnusable) return undefined;
      throw error;
    }
  }

  /**
   * Writes a backup, and removes older ones.
   *
   * @param number - Its number, larger than those before.
   * @param content - What it holds.
   * @throws {MirrorscopeError} `FILE_ACCESS` when it cannot be written; then the backups before are untouched.
   */
  async write<Header>(number: number, content: BackupContent<Header>): Promise<void> {
    const file = this.#file(number);
    const unfinished = `${file}.part`;
    try {
      mkdirSync(this.#path, { recursive: true });
      await writeDurably(unfinished, encodeBackup(content));
      await rename(unfinished, file);
      await syncFolder(this.#path);
    } catch (cause) {
      rmSync(unfinished, { force: true });
      throw this.#explained('written', cause);
    }
    for (const old of this.numbers().slice(KEPT)) rmSync(this.#file(old), { force: true });
  }

  /** Removes what a process left that was killed while it wrote. */
  removeUnfinished(): void {
    for (const name of this.#names()) if (UNFINISHED.test(name)) rmSync(join(this.#path, name), { force: true });
  }

  /** Removes all backups, and nothing else. */
  removeAll(): void {
    for (const number of this.numbers()) rmSync(this.#file(number), { force: true });
    this.removeUnfinished();
  }

  #file(number: number): string {
    return join(this.#path, `backup-${String(number).padStart(8, '0')}.bin`);
  }

  #names(): string[] {
    try {
      return readdirSync(this.#path);
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
      throw this.#explained('read', cause);
    }
  }

  #attempt<Result>(action: 'read' | 'written', body: () => Result): Result {
    try {
      return body();
    } catch (cause) {
      throw this.#explained(action, cause);
    }
  }

  #explained(action: 'read' | 'written', cause: unknown): MirrorscopeError {
    const { code, message, hint } = fileAccessError(action, cause);
    return new MirrorscopeError(code, `A backup in ${this.#path}: ${message}`, { hint, cause });
  }
}

async function writeDurably(file: string, parts: readonly Buffer[]): Promise<void> {
  const handle = await open(file, 'w');
  try {
    for (const part of parts) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The rename is on the disk only when the folder is. Windows cannot open folders, and needs no such call. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
