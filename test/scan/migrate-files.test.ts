import { describe, expect, it } from 'vitest';

import { workerCount } from '../../src/scan/migrate-files.js';

const candidates = (count: number, bytes: number, largest = bytes / count) => ({
  paths: Array.from({ length: count }, (_, index) => `f${index}.js`),
  bytes,
  largest,
  failures: [],
  minified: [],
  reExportedNames: [],
});

describe('workerCount', () => {
  it('starts no worker for little work', () => {
    expect(workerCount(undefined, candidates(20, 100_000))).toBe(0);
    expect(workerCount(undefined, candidates(0, 0, 0))).toBe(0);
  });

  it('starts the requested number of workers, but never more than there are files', () => {
    expect(workerCount(1, candidates(900, 90_000_000))).toBe(0);
    expect(workerCount(4, candidates(9, 900))).toBe(4);
    expect(workerCount(4, candidates(3, 900))).toBe(3);
  });

  it('keeps huge files out of the main process', () => {
    expect(workerCount(1, candidates(1, 10_000_000))).toBe(1);
    expect(workerCount(undefined, candidates(1, 10_000_000))).toBe(1);
  });
});
