/** The faults of a cluster of three processes, and what the other processes must say. Data only. */

/** When a fault begins. */
export type FaultMoment =
  | 'start'
  | 'strategy'
  | 'custom loop'
  | 'fit'
  | 'first step'
  | 'second step'
  | 'mid-epoch'
  | 'between epochs'
  | 'checkpoint'
  | 'backup'
  | 'end';

/** One fault of one process. */
export interface Fault {
  readonly name: string;
  readonly kind:
    | 'kill'
    | 'stop'
    | 'exit'
    | 'absent'
    | 'shape'
    | 'optimizer'
    | 'batch size'
    | 'rows'
    | 'epochs'
    | 'learning rate'
    | 'merge operation'
    | 'device count'
    | 'library version'
    | 'port'
    | 'name'
    | 'missing'
    | 'full disk'
    | 'truncated backup'
    | 'restarts';
  /** When it begins. Without it, the process has another program from the start. */
  readonly at?: FaultMoment;
  /** The process that has it. */
  readonly victim: number;
  /** The error of the others; `NONE` when training goes on. */
  readonly code: string;
  readonly message: RegExp;
  /** The error of the process that has it, where it differs. */
  readonly own?: { readonly code: string; readonly message: RegExp };
  /** The others have their error within this time after the fault. */
  readonly withinSeconds: number;
  /** How long the process stays away from a step. */
  readonly awaySeconds?: number;
  /** How often the fault comes again when the job is started again. Default: never. */
  readonly times?: number;
  /** Whether every test run has it. `npm run faults` has all. */
  readonly isShort?: true;
}

/** What the processes train. */
export const TRAINING = { rows: 48, batchSize: 12, epochs: 6 };

/** How many steps the whole training has. */
export const TRAINING_STEPS = (TRAINING.rows / TRAINING.batchSize) * TRAINING.epochs;

/** The settings of the program, on which the times depend. */
export const FAULT_TIMEOUTS = { start: 12, heartbeat: 3, collective: 4 };

/** A process that ends is seen at once. Half of the time is for a busy machine. */
const AT_ONCE = 2;
/** A process that stops is seen when it has given no sign of life. */
const SILENCE = FAULT_TIMEOUTS.heartbeat + 4;
/** The others end their step when its time is over, then wait as long again for the process that is missing. */
const STALL = 2 * FAULT_TIMEOUTS.collective + 7;
/** Longer than a step may wait, but not as long as the others wait then. */
const LATE_SECONDS = FAULT_TIMEOUTS.collective + 3;
const START = FAULT_TIMEOUTS.start + 18;

const lost = (worker: number): RegExp =>
  new RegExp(`worker ${String(worker)} \\(.*\\) (is lost|did not send|does not take)`);

const missing = (worker: number): RegExp => new RegExp(`worker ${String(worker)} \\(.*\\) is missing`);

/** A worker and the chief are killed at each of these moments. */
const KILLS: readonly (Pick<Fault, 'at' | 'withinSeconds' | 'isShort'> & { readonly words: string })[] = [
  { at: 'start', words: 'at the start', withinSeconds: START },
  { at: 'strategy', words: 'when it has made its strategy', withinSeconds: SILENCE },
  { at: 'custom loop', words: 'before a custom loop', withinSeconds: SILENCE },
  { at: 'fit', words: 'before the first step', withinSeconds: SILENCE },
  { at: 'first step', words: 'in the first step', withinSeconds: SILENCE },
  { at: 'mid-epoch', words: 'in mid-epoch', withinSeconds: AT_ONCE, isShort: true },
  { at: 'between epochs', words: 'between epochs', withinSeconds: AT_ONCE },
  { at: 'checkpoint', words: 'during a checkpoint', withinSeconds: AT_ONCE },
  { at: 'end', words: 'after its last step', withinSeconds: SILENCE },
];

const killed = ({ words, ...kill }: (typeof KILLS)[number]): Fault[] =>
  [1, 0].map((victim) => ({
    ...kill,
    name: `${victim === 0 ? 'the chief' : 'a worker'} is killed ${words}`,
    kind: 'kill',
    victim,
    code: kill.at === 'start' ? 'CLUSTER_START' : 'WORKER_LOST',
    message: kill.at === 'start' ? missing(victim) : lost(victim),
  }));

export const FAULTS: readonly Fault[] = [
  ...KILLS.flatMap(killed),
  {
    name: 'the chief is killed while it writes a backup',
    kind: 'kill',
    at: 'backup',
    victim: 0,
    code: 'WORKER_LOST',
    message: lost(0),
    withinSeconds: AT_ONCE,
  },
  {
    name: 'a worker leaves in order',
    kind: 'exit',
    at: 'mid-epoch',
    victim: 2,
    code: 'WORKER_LOST',
    message: lost(2),
    withinSeconds: AT_ONCE,
  },
  {
    name: 'a worker is stopped (SIGSTOP)',
    kind: 'stop',
    at: 'mid-epoch',
    victim: 1,
    code: 'WORKER_LOST',
    message: lost(1),
    withinSeconds: SILENCE,
  },
  {
    name: 'the chief is stopped (SIGSTOP)',
    kind: 'stop',
    at: 'mid-epoch',
    victim: 0,
    code: 'WORKER_LOST',
    message: lost(0),
    withinSeconds: SILENCE,
  },
  {
    name: 'a worker is alive, but never comes to a step',
    kind: 'absent',
    at: 'mid-epoch',
    awaySeconds: 20,
    victim: 1,
    code: 'COLLECTIVE_TIMEOUT',
    message: /collective .* waited\. Arrived: worker 0 .* worker 2 .*Missing: worker 1 /,
    withinSeconds: STALL,
  },
  {
    name: 'the chief is alive, but never comes to a step',
    kind: 'absent',
    at: 'mid-epoch',
    awaySeconds: 20,
    victim: 0,
    code: 'COLLECTIVE_TIMEOUT',
    message: /Arrived: worker 1 .* worker 2 .*Missing: worker 0 /,
    withinSeconds: STALL,
  },
  {
    name: 'a worker comes to a step too late',
    kind: 'absent',
    at: 'mid-epoch',
    awaySeconds: LATE_SECONDS,
    victim: 1,
    code: 'NONE',
    message: /the fit ended/,
    withinSeconds: Infinity,
    isShort: true,
  },
  {
    name: 'the chief comes to a step too late',
    kind: 'absent',
    at: 'mid-epoch',
    awaySeconds: LATE_SECONDS,
    victim: 0,
    code: 'NONE',
    message: /the fit ended/,
    withinSeconds: Infinity,
  },
  {
    name: 'a worker has not started',
    kind: 'missing',
    victim: 1,
    code: 'CLUSTER_START',
    message: /worker 1 \(.*\) is missing: nothing listens at its address/,
    withinSeconds: START,
  },
  {
    name: 'the name of a worker does not resolve',
    kind: 'name',
    victim: 2,
    code: 'CLUSTER_START',
    message: /worker 2 \(nosuchhost.*\) is missing: its name cannot be resolved/,
    withinSeconds: START,
  },
  {
    name: 'another program uses the port of a worker',
    kind: 'port',
    victim: 1,
    code: 'CLUSTER_START',
    message: /worker 1 \(.*\) could not open its port on this machine: another program uses the port/,
    withinSeconds: START,
  },
  {
    name: 'a worker has another model',
    kind: 'shape',
    victim: 1,
    code: 'WORKERS_DIFFER',
    message: /worker 0 .* \[16,1\]; worker 1 .* \[17,1\]/,
    withinSeconds: START,
    isShort: true,
  },
  {
    name: 'a worker has another optimizer',
    kind: 'optimizer',
    victim: 1,
    code: 'WORKERS_DIFFER',
    message: /the optimizer differs: .*worker 1 \(.*\) has SGD/,
    withinSeconds: START,
  },
  {
    name: 'a worker has another learning rate',
    kind: 'learning rate',
    victim: 2,
    code: 'WORKERS_DIFFER',
    message: /the optimizer differs: .*learning rate 0.02/,
    withinSeconds: START,
  },
  {
    name: 'a worker has another batch size',
    kind: 'batch size',
    victim: 1,
    code: 'WORKERS_DIFFER',
    message: /the number of examples in the global batch differs: .*worker 1 \(.*\) has 8/,
    withinSeconds: START,
  },
  {
    name: 'a worker has fewer rows',
    kind: 'rows',
    victim: 1,
    code: 'WORKERS_DIFFER',
    message: /the number of rows differs: worker 0 \(.*\) has 48; worker 1 \(.*\) has 36/,
    withinSeconds: START,
    isShort: true,
  },
  {
    name: 'a worker has another number of epochs',
    kind: 'epochs',
    victim: 2,
    code: 'WORKERS_DIFFER',
    message: /the number of epochs differs: .*worker 2 \(.*\) has 5/,
    withinSeconds: START,
  },
  {
    name: 'a worker has another merge operation',
    kind: 'merge operation',
    victim: 1,
    code: 'WORKERS_DIFFER',
    message: /allReduce SUM.*worker 1 \(.*\) has allReduce MEAN/,
    withinSeconds: START,
  },
  {
    name: 'a worker has another version of the library',
    kind: 'library version',
    victim: 2,
    code: 'WORKERS_DIFFER',
    message: /worker 2 \(.*\) has mirrorscope 0\.0\.1/,
    withinSeconds: START,
  },
  {
    name: 'a worker has another number of devices',
    kind: 'device count',
    victim: 1,
    code: 'NONE',
    message: /the fit ended/,
    withinSeconds: Infinity,
  },
  {
    name: 'the newest backup is truncated',
    kind: 'truncated backup',
    at: 'mid-epoch',
    victim: 1,
    code: 'WORKER_LOST',
    message: lost(1),
    withinSeconds: AT_ONCE,
  },
  {
    name: 'the disk of the chief is full',
    kind: 'full disk',
    victim: 0,
    code: 'WORKER_LOST',
    message: lost(0),
    withinSeconds: START,
    own: { code: 'FILE_ACCESS', message: /A backup in .*could not be written/ },
  },
  {
    name: '20 restarts in a row, each after one step',
    kind: 'restarts',
    at: 'second step',
    victim: 1,
    code: 'WORKER_LOST',
    message: lost(1),
    withinSeconds: AT_ONCE,
    times: 20,
  },
];
