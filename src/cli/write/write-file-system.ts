/** The calls of the file system that writing uses. Tests pass one that fails or dies at a chosen call. */
import fs from 'node:fs';

/** What `writeTogether` and the recovery after a kill need. The same functions as in `node:fs`. */
export type WriteFileSystem = Pick<
  typeof fs,
  | 'accessSync'
  | 'closeSync'
  | 'fchmodSync'
  | 'fchownSync'
  | 'fsyncSync'
  | 'linkSync'
  | 'openSync'
  | 'renameSync'
  | 'rmSync'
  | 'writeSync'
>;

/** The file system of this machine. */
export const FILE_SYSTEM: WriteFileSystem = fs;
