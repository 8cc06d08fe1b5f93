/** What a process uses, as Linux counts it. Reads /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * @typedef {object} ProcessSample
 * @property {number} mb - Resident memory.
 * @property {number} handles - Open files and sockets.
 * @property {number} threads - Threads.
 */

/**
 * Samples a process.
 * @param {number} pid - Its id.
 * @returns {ProcessSample} What it uses.
 */
export function sampleProcess(pid) {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return {
    mb: Number(kilobytes) / 1024,
    handles: readdirSync(`/proc/${pid}/fd`).length,
    threads: readdirSync(`/proc/${pid}/task`).length,
  };
}

/**
 * Finds the process that started another one.
 * @param {number} pid - The id of the other one.
 * @returns {number} The id of its parent.
 */
export function parentOf(pid) {
  return Number(/PPid:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
