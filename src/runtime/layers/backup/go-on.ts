/**
 * Lets a training run go on from its last backup in the same processes, after a step in which one of them was late.
 * Talks to the other processes; writes to the console.
 */
import type { Cluster } from '../../cluster/cluster.js';
import type { BackupSettings } from './backup-settings.js';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';

import { BackupFolder } from './backup-folder.js';

/** Decides for one `fit` whether it goes on. */
export class GoOn {
  readonly #cluster: Cluster | undefined;
  readonly #folder: BackupFolder;
  /** The backup from which the run went on last. */
  #last = 0;

  /**
   * @param cluster - The processes; undefined when there is only this one.
   * @param settings - Where the backups are.
   */
  constructor(cluster: Cluster | undefined, settings: BackupSettings) {
    this.#cluster = cluster;
    this.#folder = new BackupFolder(settings.backupDir);
  }

  /**
   * Prepares the processes to go on. Every one must be alive and come here; and there must be a backup that is newer
   * than the one from which the run went on last, because otherwise the same would happen again. Blocks this thread.
   *
   * @param error - Why the run ended.
   * @returns Whether it can go on, from the last backup.
   */
  after(error: unknown): boolean {
    const cluster = this.#cluster;
    if (cluster === undefined || !(error instanceof MirrorscopeError) || error.code !== ErrorCode.CollectiveTimeout)
      return false;
    const [newest = 0] = this.#folder.numbers();
    if (newest <= this.#last) return false;
    console.warn(`mirrorscope: ${error.message} If all processes come, training goes on from the last backup.`);
    if (!cluster.heal()) return false;
    this.#last = newest;
    return true;
  }
}
