import { describe, expect, it } from 'vitest';

import { createProgress } from '../../../src/cli/run/progress.js';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  return { written, sink: { isTTY, write: (text: string | Uint8Array) => void written.push(String(text)) } };
}

describe('createProgress', () => {
  it('prints nothing unless standard error is a terminal', () => {
    const { written, sink } = terminal(false);
    let time = 0;
    const progress = createProgress(sink, () => (time += 1000));
    progress.update('scanning', 1, 2);
    progress.clear();
    expect(written).toEqual([]);
  });

  it('waits before it prints, does not flicker, and erases its line', () => {
    const { written, sink } = terminal(true);
    let time = 0;
    const progress = createProgress(sink, () => time);
    for (time of [0, 100, 499, 500, 520, 599, 601]) progress.update(time < 550 ? 'scanning' : 'migrating', time, 1000);
    progress.clear();
    progress.clear();
    expect(written).toEqual([
      '\r\u001b[2KScanning files: 500 of 1000',
      '\r\u001b[2KMigrating files: 601 of 1000',
      '\r\u001b[2K',
    ]);
  });
});
