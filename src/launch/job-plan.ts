/** What each worker of a job gets: its name and its environment variables. Pure. */
import { ErrorCode } from '../errors/error-code.js';
import { MirrorscopeError } from '../errors/mirrorscope-error.js';

/** One worker of a job. */
export interface WorkerPlan {
  readonly index: number;
  /** Such as `worker 1`. */
  readonly name: string;
  /** The variables that it gets beside those of the launcher. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The size of a job. */
export interface JobSize {
  readonly workers: number;
  /** How many devices each worker uses; undefined for all that it sees. */
  readonly devicesPerWorker: number | undefined;
  /** The names of the GPUs that the workers share, as in `CUDA_VISIBLE_DEVICES`; empty to train on CPUs. */
  readonly gpus: readonly string[];
}

/** The variable that says how many devices a worker uses. `MultiWorkerMirroredStrategy` reads it. */
const DEVICES_PER_WORKER = 'MIRRORSCOPE_DEVICES_PER_WORKER';
/** The variable that says how often the job was restarted. */
const RESTART_COUNT = 'MIRRORSCOPE_RESTART_COUNT';

/**
 * Plans one start of a job.
 *
 * @param size - The size of the job.
 * @param ports - A free port for each worker.
 * @param restartCount - How often the job was restarted before.
 * @returns One plan for each worker.
 */
export function planWorkers(size: JobSize, ports: readonly number[], restartCount: number): WorkerPlan[] {
  const { workers, devicesPerWorker } = size;
  const addresses = ports.map((port) => `127.0.0.1:${port}`);
  const gpusOf = shareGpus(size);
  return Array.from({ length: workers }, (_, index) => {
    const gpus = gpusOf[index];
    return {
      index,
      name: `worker ${index}`,
      environment: {
        TF_CONFIG: JSON.stringify({ cluster: { worker: addresses }, task: { type: 'worker', index } }),
        [RESTART_COUNT]: String(restartCount),
        ...(devicesPerWorker === undefined ? {} : { [DEVICES_PER_WORKER]: String(devicesPerWorker) }),
        ...(gpus === undefined ? {} : { CUDA_VISIBLE_DEVICES: gpus.join(',') }),
      },
    };
  });
}

/**
 * Gives each worker GPUs of its own, since a process reserves the memory of every GPU that it sees.
 *
 * @param size - The size of the job.
 * @returns The GPUs of each worker; empty when the job trains on CPUs.
 * @throws {MirrorscopeError} `USAGE` when there are too few GPUs.
 */
export function shareGpus({ workers, devicesPerWorker, gpus }: JobSize): string[][] {
  if (gpus.length === 0) return [];
  const each = devicesPerWorker ?? Math.floor(gpus.length / workers);
  if (each > 0 && each * workers <= gpus.length)
    return Array.from({ length: workers }, (_, index) => gpus.slice(index * each, (index + 1) * each));
  throw new MirrorscopeError(
    ErrorCode.Usage,
    `${workers} workers need ${workers * Math.max(each, 1)} GPUs, but there are ${gpus.length}.`,
    { hint: 'Start fewer workers, or set CUDA_VISIBLE_DEVICES to an empty text to train on CPUs.' },
  );
}
