/** The file system that a group of files is written through, with something that happens before each of its calls. */
import { FILE_SYSTEM } from '../../dist/cli/write/write-file-system.js';

/**
 * The file system, watched.
 *
 * @param {(call: number) => void} before - Runs before each call, with its number from 1. May throw or end the process.
 * @returns {typeof FILE_SYSTEM}
 */
export function watchedFileSystem(before) {
  let calls = 0;
  return new Proxy(FILE_SYSTEM, {
    get(target, name) {
      /** @type {unknown} */
      const member = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (/** @type {unknown[]} */ ...values) => {
        before(++calls);
        /** @type {unknown} */
        const result = Reflect.apply(member, target, values);
        return result;
      };
    },
  });
}
