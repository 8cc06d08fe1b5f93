/** A folder of files for one test, removed afterwards. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { onTestFinished } from 'vitest';

/** Creates the files in a new folder outside any repository and returns its real path. */
export function temporaryTree(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'mirrorscope-test-')));
  onTestFinished(() => {
    rmSync(root, { recursive: true, force: true });
  });
  addFiles(root, files);
  return root;
}

/** Adds files to a folder, and creates missing folders. */
export function addFiles(root: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}

/** Every file below a folder with its bytes as Latin-1, by path, without `.git`. */
export function treeContents(root: string): Record<string, string> {
  const contents: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const relative = path.relative(root, file);
    if (entry.isFile() && !relative.split(path.sep).includes('.git')) contents[relative] = readFileSync(file, 'latin1');
  }
  return contents;
}
