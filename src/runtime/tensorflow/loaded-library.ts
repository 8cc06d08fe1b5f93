/**
 * Finds a TensorFlow library that this process has already loaded, through another addon such as tfjs-node. That copy
 * must be used: the dynamic loader would give a second copy the framework library of the first. Reads /proc.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';

import { type LibraryFiles, libraryInDirectory } from './library-files.js';

/**
 * Finds a TensorFlow library in a memory map.
 *
 * @param memoryMap - Text in the format of /proc/self/maps.
 * @returns The library's directory, or undefined if there is none.
 */
export function loadedDirectory(memoryMap: string): string | undefined {
  const line = /^.*\s(\/\S.*\/libtensorflow(?:_cc|_framework)?\.(?:so|[\d.]*dylib)[\d.]*)$/m.exec(memoryMap);
  return line?.[1] === undefined ? undefined : dirname(line[1]);
}

/**
 * Finds the library that this process has loaded.
 *
 * @returns The library; undefined if there is none or the platform has no /proc.
 */
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
