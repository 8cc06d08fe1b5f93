/**
 * The thread that tells the other processes of a cluster where this one waits, and reports who has come. The watchdog
 * starts it with the first long wait, and has none of these calls itself: a chief that is stopped may block them.
 * Calls the C API; writes to standard error.
 */
import type { PeerWaitData, PeerWaitMessage } from './thread-messages.js';

import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

import { KeyValueStore } from '../../cluster/key-value-store.js';
import { openCApi } from '../../tensorflow/c-api.js';
import { Status } from '../../tensorflow/status.js';

import { PeerAction } from './peer-waits.js';

const STANDARD_ERROR = 2;
const CHIEF_TIMEOUT_MS = 500;
const READ_TIMEOUT_MS = 100;

const { files, context, peers } = workerData as PeerWaitData;
const api = openCApi(files);
const store = new KeyValueStore({ api, pointer: context });
let told: string | undefined;

function chiefAnswers(): boolean {
  if (peers.own === 0) return true;
  const status = new Status(api);
  try {
    api.TFE_CollectiveOpsCheckPeerHealth(context, peers.chief, CHIEF_TIMEOUT_MS, status.pointer);
    return status.takeErrorIfAny('TFE_CollectiveOpsCheckPeerHealth') === undefined;
  } finally {
    status.delete();
  }
}

const keyOf = (place: string, task: number): string => `${peers.prefix}/waits/${place}/${String(task)}`;

function tell({ place }: PeerWaitMessage): void {
  const key = keyOf(place, peers.own);
  store.insert(key, '');
  // The store would grow with every wait.
  if (told !== undefined) store.delete(told);
  told = key;
}

function hasTold(place: string, task: number): boolean {
  if (task === peers.own) return true;
  try {
    store.get(keyOf(place, task), READ_TIMEOUT_MS);
    return true;
  } catch {
    return false;
  }
}

function report({ place, step, words, seconds }: PeerWaitMessage): void {
  const tasks = peers.names.map((name, task) => ({ name, hasCome: hasTold(place, task) }));
  const list = (hasCome: boolean): string =>
    tasks
      .filter((task) => task.hasCome === hasCome)
      .map(({ name }) => name)
      .join(', ') || 'none';
  writeSync(
    STANDARD_ERROR,
    `mirrorscope: the ${step} step's ${words} has waited for ${String(seconds)} s. Arrived: ${list(true)}. Not yet: ${list(false)}.\n`,
  );
}

parentPort?.on('message', (message: PeerWaitMessage) => {
  try {
    if (!chiefAnswers()) {
      if (message.action === PeerAction.Report)
        writeSync(STANDARD_ERROR, `mirrorscope: the ${message.step} step waits, and the chief does not answer.\n`);
    } else if (message.action === PeerAction.Tell) tell(message);
    else report(message);
  } catch {
    // The step will fail, and its error says why.
  }
});
