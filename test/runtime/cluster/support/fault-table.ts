/** The faults of a cluster of three processes, and what the other processes must say. Data only. */

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
    | 'learning rate'
    | 'port'
    | 'name'
    | 'missing';
  /** When it begins. Without it, the process has another program from the start. */
  readonly at?: 'start' | 'first step' | 'mid-epoch' | 'between epochs' | 'checkpoint';
  /** The process that has it. */
  readonly victim: number;
  /** The error of the others. */
  readonly code: string;
  readonly message: RegExp;
  /** The others have their error within this time after the fault. */
  readonly withinSeconds: number;
  /** Whether every test run has it. `npm run faults` has all. */
  readonly isShort?: true;
}

/** The settings of the program, on which the times depend. */
export const FAULT_TIMEOUTS = { start: 12, heartbeat: 3, collective: 4 };

/** A process that ends is seen at once. Half of the time is for a busy machine. */
const AT_ONCE = 2;
/** A process that stops is seen when it has given no sign of life. */
const SILENCE = FAULT_TIMEOUTS.heartbeat + 4;
const STALL = FAULT_TIMEOUTS.collective + 5;
const START = FAULT_TIMEOUTS.start + 18;

const lost = (worker: number): RegExp =>
  new RegExp(`worker ${String(worker)} \\(.*\\) (is lost|did not send|does not take)`);

export const FAULTS: readonly Fault[] = [
  {
    name: 'a worker is killed in mid-epoch',
    kind: 'kill',
    at: 'mid-epoch',
    victim: 2,
    code: 'WORKER_LOST',
    message: lost(2),
    withinSeconds: AT_ONCE,
    isShort: true,
  },
  {
    name: 'the chief is killed in mid-epoch',
    kind: 'kill',
    at: 'mid-epoch',
    victim: 0,
    code: 'WORKER_LOST',
    message: lost(0),
    withinSeconds: AT_ONCE,
    isShort: true,
  },
  {
    name: 'a worker is killed at the start',
    kind: 'kill',
    at: 'start',
    victim: 1,
    code: 'CLUSTER_START',
    message: /worker 1 \(.*\) is missing/,
    withinSeconds: START,
  },
  {
    name: 'the chief is killed at the start',
    kind: 'kill',
    at: 'start',
    victim: 0,
    code: 'CLUSTER_START',
    message: /worker 0 \(.*\) is missing/,
    withinSeconds: START,
  },
  {
    name: 'a worker is killed before the first step',
    kind: 'kill',
    at: 'first step',
    victim: 1,
    code: 'WORKER_LOST',
    message: lost(1),
    withinSeconds: SILENCE,
  },
  {
    name: 'the chief is killed before the first step',
    kind: 'kill',
    at: 'first step',
    victim: 0,
    code: 'WORKER_LOST',
    message: lost(0),
    withinSeconds: SILENCE,
  },
  {
    name: 'a worker is killed between epochs',
    kind: 'kill',
    at: 'between epochs',
    victim: 1,
    code: 'WORKER_LOST',
    message: lost(1),
    withinSeconds: AT_ONCE,
  },
  {
    name: 'the chief is killed between epochs',
    kind: 'kill',
    at: 'between epochs',
    victim: 0,
    code: 'WORKER_LOST',
    message: lost(0),
    withinSeconds: AT_ONCE,
  },
  {
    name: 'the chief is killed while it saves',
    kind: 'kill',
    at: 'checkpoint',
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
    victim: 1,
    code: 'COLLECTIVE_TIMEOUT',
    message: /collective .* waited\. Arrived: worker 0 .* worker 2 .*Missing: worker 1 /,
    withinSeconds: STALL,
  },
  {
    name: 'the chief is alive, but never comes to a step',
    kind: 'absent',
    at: 'mid-epoch',
    victim: 0,
    code: 'COLLECTIVE_TIMEOUT',
    message: /Arrived: worker 1 .* worker 2 .*Missing: worker 0 /,
    withinSeconds: STALL,
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
];
