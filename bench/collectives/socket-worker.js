/**
 * Sends as many bytes to the other process of TF_CONFIG as it receives from it, at the same time: the least that an
 * all-reduce over two processes moves. One request per line on standard input. Opens a socket.
 */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

/** @import { Socket } from 'node:net' */
/** @import { CollectiveAnswer, CollectiveRequest } from './collectives.js' */

/** @typedef {{ cluster: { worker: string[] }, task: { index: number } }} TfConfig */

/** @returns {Promise<Socket>} The connection with the other process. */
async function connectToOther() {
  /** @type {unknown} */
  const config = JSON.parse(process.env.TF_CONFIG ?? '');
  const { cluster, task } = /** @type {TfConfig} */ (config);
  const port = Number(cluster.worker[0]?.split(':').at(-1));
  if (task.index === 0) {
    const connection = await once(createServer().listen(port, '127.0.0.1'), 'connection');
    return /** @type {[Socket]} */ (connection)[0];
  }
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return socket;
    } catch {
      // The other process does not listen yet.
      await delay(50);
    }
  }
}

const socket = await connectToOther();
socket.setNoDelay(true);
let received = 0;
let expected = 0;
let onReceived = () => undefined;
socket.on('data', (chunk) => {
  received += chunk.length;
  if (received >= expected) onReceived();
});

/**
 * Exchanges bytes several times.
 * @param {CollectiveRequest} request - How many.
 * @returns {Promise<CollectiveAnswer>} What it took.
 */
async function measure({ bytes, calls }) {
  const data = Buffer.alloc(bytes);
  const times = [];
  for (let call = -1; call < calls; call++) {
    expected += bytes;
    const started = performance.now();
    /** @type {Promise<void>} */
    const all = new Promise((resolve) => {
      onReceived = () => {
        resolve();
        return undefined;
      };
      if (received >= expected) resolve();
    });
    const written = new Promise((resolve) => socket.write(data, resolve));
    await Promise.all([all, written]);
    if (call >= 0) times.push(performance.now() - started);
  }
  return { milliseconds: times.toSorted((a, b) => a - b)[times.length >> 1] ?? NaN, sum: 2 };
}

for await (const line of createInterface({ input: process.stdin })) {
  /** @type {unknown} */
  const request = JSON.parse(line);
  console.log(JSON.stringify(await measure(/** @type {CollectiveRequest} */ (request))));
}
process.exit(0);
