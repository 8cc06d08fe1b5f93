/**
 * The backups of one `fit`: restores the last one, saves new ones, and stops at a SIGTERM. Touches the model, the
 * folder of the backups and, at a SIGTERM, ends the process.
 */
import type { StrategyParts } from '../../distribute/strategy-parts.js';
import type { BackupContent } from './backup-file.js';
import type { BackupSettings } from './backup-settings.js';
import type { CustomCallbackArgs, Scalar } from '@tensorflow/tfjs';

import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { allLayers } from '../layer-walk.js';
import { shuffleFromSeed } from '../seeded-shuffle.js';

import { BackupFolder } from './backup-folder.js';
import { endPreempted } from './end-process.js';
import { unseededRandomLayers } from './random-layers.js';
import { createStopVote, type StopVote } from './stop-vote.js';
import {
  captureTraining,
  restoreTraining,
  type RunShape,
  type TrainingHeader,
  type TrainingParts,
} from './training-state.js';

/** Signals are noticed only while nothing else runs. */
const MS_BETWEEN_PAUSES = 20;
/** Results are read from the devices in groups, because reading one waits for its step. */
const MAX_PENDING_RESULTS = 256;

type FoundBackup = readonly [number: number, content: BackupContent<TrainingHeader>];

/** Saves and restores one `fit`. */
export class BackupSession {
  readonly #training: TrainingParts;
  readonly #strategy: StrategyParts;
  readonly #settings: BackupSettings;
  readonly #run: RunShape;
  readonly #folder: BackupFolder;
  readonly #vote: StopVote;
  readonly #onSignal: () => void;
  #number = 0;
  #epoch = 0;
  #step = 0;
  #shuffleSeed: number;
  /** The results of batches that were taken before the restart, and that are not taken again. */
  #replayed: readonly Float32Array[] = [];
  #results: Float32Array[] = [];
  #pending: Scalar[][] = [];
  #batch = 0;
  #pausedAt = 0;

  /**
   * @param training - What is saved.
   * @param strategy - The strategy of the model.
   * @param settings - What the user chose.
   * @param run - What must be the same after a restart.
   */
  constructor(training: TrainingParts, strategy: StrategyParts, settings: BackupSettings, run: RunShape) {
    this.#training = training;
    this.#strategy = strategy;
    this.#settings = settings;
    this.#run = run;
    this.#folder = new BackupFolder(settings.backupDir);
    this.#vote = createStopVote(strategy.cluster);
    this.#onSignal = () => {
      this.#vote.request(this.#step);
    };
    this.#shuffleSeed = strategy.execution.seed ?? globalThis.crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  }

  /**
   * Puts the model into the state of the last backup, if there is one.
   *
   * @param firstEpoch - The epoch in which a run without a backup starts.
   * @returns The epoch to start in.
   * @throws {MirrorscopeError} `BACKUP_UNUSABLE` when all backups are damaged, or are of another run.
   */
  restore(firstEpoch: number): number {
    this.#epoch = firstEpoch;
    if (this.#isChief) this.#folder.removeUnfinished();
    const found = this.#findBackup();
    if (found !== undefined) {
      const [number, content] = found;
      this.#replayed = restoreTraining(this.#training, content, this.#run);
      const { epoch, step, shuffleSeed } = content.header;
      this.#number = number;
      this.#epoch = epoch;
      this.#step = step;
      this.#shuffleSeed = shuffleSeed;
      this.#warnOfOtherMasks(content.header);
    }
    if (this.#settings.saveBeforePreemption) process.on('SIGTERM', this.#onSignal);
    return this.#epoch;
  }

  /** Whether the batch that has begun was taken before the restart. */
  get isReplaying(): boolean {
    return this.#batch < this.#replayed.length;
  }

  /**
   * Brings row numbers into the order of the current epoch, which depends on nothing but a seed and the epoch.
   *
   * @param order - The row numbers, in any order.
   */
  shuffle(order: Int32Array): void {
    for (let row = 0; row < order.length; row++) order[row] = row;
    shuffleFromSeed(order, this.#shuffleSeed, this.#epoch);
  }

  /**
   * Takes the step of one batch, or gives the results that it had before the restart.
   *
   * @param run - Takes the step.
   * @returns The loss and the metrics.
   */
  step(run: () => Scalar[]): Scalar[] {
    const { tf } = this.#training;
    const before = this.#replayed[this.#batch];
    if (before !== undefined) return Array.from(before, (value) => tf.scalar(value));
    const results = run();
    if (this.#savesWithinEpochs) this.#pending.push(results.map((result) => tf.keep(tf.clone(result))));
    return results;
  }

  /** The hooks of TensorFlow.js that the session needs, to be called after those of the user's callbacks. */
  hooks(): CustomCallbackArgs {
    return {
      onEpochBegin: (epoch) => {
        this.#epoch = epoch;
        this.#batch = 0;
        this.#results = [...this.#replayed];
        return Promise.resolve();
      },
      onBatchEnd: async () => {
        const isReplayed = this.isReplaying;
        this.#batch++;
        if (!isReplayed) await this.#afterStep();
      },
      onEpochEnd: async (epoch) => {
        this.#forgetResults();
        this.#replayed = [];
        this.#epoch = epoch + 1;
        this.#batch = 0;
        if (this.#settings.saveFreq === 'epoch') await this.#save();
      },
      onTrainEnd: () => {
        if (this.#settings.deleteCheckpoint) this.#removeBackups();
        return Promise.resolve();
      },
    };
  }

  /** Ends the session, also after an error. */
  close(): void {
    process.off('SIGTERM', this.#onSignal);
    this.#forgetResults();
  }

  /** Where a process fails before all have come here, the job starts again, and needs the last backup. */
  #removeBackups(): void {
    const { cluster } = this.#strategy;
    cluster?.exchange(cluster.nextName('end of a fit'), '', 'news that its fit has ended');
    if (this.#isChief) this.#folder.removeAll();
  }

  get #isChief(): boolean {
    return this.#strategy.cluster?.isChief ?? true;
  }

  get #savesWithinEpochs(): boolean {
    return this.#settings.saveFreq !== 'epoch' || this.#settings.saveBeforePreemption;
  }

  async #afterStep(): Promise<void> {
    this.#step++;
    const { saveFreq, saveBeforePreemption } = this.#settings;
    if (this.#pending.length >= MAX_PENDING_RESULTS) await this.#readResults();
    if (saveBeforePreemption) {
      await this.#pause();
      const stop = this.#vote.stopAfter(this.#step);
      if (stop !== undefined && this.#step >= stop) await this.#stopProcess();
    }
    if (saveFreq !== 'epoch' && this.#step % saveFreq === 0) await this.#save();
  }

  /** Lets a signal that has come call its handler. */
  async #pause(): Promise<void> {
    if (performance.now() - this.#pausedAt < MS_BETWEEN_PAUSES) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#pausedAt = performance.now();
  }

  async #stopProcess(): Promise<never> {
    await this.#save();
    const { cluster } = this.#strategy;
    // Every process waits for the chief's backup: where one ends, the others soon follow.
    cluster?.fromChief(`${cluster.nextName('last backup')} of a stopped run`, () => 'saved');
    endPreempted();
  }

  async #save(): Promise<void> {
    await this.#readResults();
    this.#number++;
    const { epoch, batch, step, shuffleSeed } = {
      epoch: this.#epoch,
      batch: this.#batch,
      step: this.#step,
      shuffleSeed: this.#shuffleSeed,
    };
    const content = await captureTraining(
      this.#training,
      { epoch, batch, step, shuffleSeed, run: this.#run, seed: this.#strategy.execution.seed },
      this.#results,
    );
    if (this.#isChief) await this.#folder.write(this.#number, content);
  }

  async #readResults(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    for (const results of pending) {
      const values = await Promise.all(results.map((result) => result.data()));
      this.#results.push(Float32Array.from(values, ([value = Number.NaN]) => value));
      this.#training.tf.dispose(results);
    }
  }

  /** Random masks follow from the seed of the strategy, in traced steps. */
  #warnOfOtherMasks({ seed }: TrainingHeader): void {
    const { runner, execution } = this.#strategy;
    const isTraced = runner.name === 'tensorflow' && execution.runEagerly !== true;
    if (isTraced && execution.seed !== undefined && execution.seed === seed) return;
    const [layer] = unseededRandomLayers(allLayers(this.#training.model));
    if (layer === undefined) return;
    console.warn(
      `mirrorscope: the run goes on from a backup, but the random numbers of the layer ${layer.name} are not those of the interrupted run. ` +
        (isTraced
          ? 'Pass the same option seed to the strategy in every start.'
          : 'Give the layer a seed, or use traced steps on the engine tensorflow.'),
    );
  }

  #forgetResults(): void {
    this.#training.tf.dispose(this.#pending);
    this.#pending = [];
    this.#results = [];
  }

  /** The newest whole backup, which the chief chooses. */
  #findBackup(): FoundBackup | undefined {
    const { cluster } = this.#strategy;
    if (cluster === undefined) return this.#newestBackup();
    let own: FoundBackup | undefined;
    const chosen = cluster.fromChief(cluster.nextName('backup'), () => {
      own = this.#newestBackup();
      return String(own?.[0] ?? 0);
    });
    const number = Number(chosen);
    if (number === 0 || own !== undefined) return own;
    const content = this.#folder.read<TrainingHeader>(number);
    if (content !== undefined) return [number, content];
    throw unusable(
      `Backup ${number} in ${this.#settings.backupDir}, with which the chief goes on, is damaged on this worker.`,
    );
  }

  #newestBackup(): FoundBackup | undefined {
    const numbers = this.#folder.numbers();
    for (const number of numbers) {
      const content = this.#folder.read<TrainingHeader>(number);
      if (content !== undefined) return [number, content];
      console.warn(`mirrorscope: backup ${number} in ${this.#settings.backupDir} is damaged, and left out.`);
    }
    if (numbers.length === 0) return undefined;
    throw unusable(`All backups in ${this.#settings.backupDir} are damaged.`);
  }
}

function unusable(message: string): MirrorscopeError {
  return new MirrorscopeError(ErrorCode.BackupUnusable, message);
}
