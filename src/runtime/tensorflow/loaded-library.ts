/**
 * A TensorFlow that this process has loaded already, by another addon such as tfjs-node. Two copies cannot live in one
 * process: the loader gives the second one the first one's framework library. So the loaded copy is the one to use.
 * May read: /proc.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { type LibraryFiles, libraryInDirectory } from './library-files.js';

/** The directory of a TensorFlow library in a memory map, as /proc/self/maps writes it. */
export function loadedDirectory(memoryMap: string): string | undefined {
  const line = /^.*\s(\/\S.*\/libtensorflow(?:_cc|_framework)?\.(?:so|[\d.]*dylib)[\d.]*)$/m.exec(memoryMap);
  return line?.[1] === undefined ? undefined : dirname(line[1]);
}

/** The loaded library; undefined where there is none or the platform does not tell. */
export function loadedLibrary(): LibraryFiles | undefined {
  let memoryMap: string;
  try {
    memoryMap = readFileSync('/proc/self/maps', 'utf8');
  } catch {
    return undefined;
  }
  const directory = loadedDirectory(memoryMap);
  return directory === undefined ? undefined : libraryInDirectory(directory);
}
