import { describe, expect, it } from 'vitest';

import { WaitingTimes } from '../../../../src/runtime/trace/watchdog/waiting-times.js';

const allReplicas = { words: 'all-reduce', participants: [0, 1, 2] };

/**
 * Looks at boards. Each string is one replica's board: `a` where it arrived at a collective, `l` where it left, in the
 * order of the collectives.
 */
function looks(collectives: readonly { words: string; participants: readonly number[] }[], timeoutMs = 100) {
  const times = new WaitingTimes({ collectives });
  const board = (marks: string): Int32Array => Int32Array.from(Array.from(marks), (mark) => Number(mark !== '.'));
  return (since: number, ...marks: string[]) => times.look(marks.map(board), since, timeoutMs);
}

describe('WaitingTimes', () => {
  it('counts from the first look that shows a wait', () => {
    const look = looks([allReplicas]);
    expect(look(5000, 'a.', '..', 'a.').stuck).toBeUndefined();
    expect(look(99, 'a.', '..', 'a.').stuck).toBeUndefined();
    expect(look(1, 'a.', '..', 'a.').stuck).toEqual({ collective: 0, arrived: [0, 2] });
  });

  it('never reports replicas that compute, however long', () => {
    const look = looks([allReplicas, allReplicas]);
    look(0, '....', '....', '....');
    expect(look(10_000, '....', '....', '....')).toEqual({
      stuck: undefined,
      computing: { replicas: [0, 1, 2], milliseconds: 10_000 },
    });
    expect(look(10_000, 'al..', 'al..', 'al..')).toEqual({
      stuck: undefined,
      computing: { replicas: [0, 1, 2], milliseconds: 20_000 },
    });
    expect(look(10_000, 'alal', 'alal', 'alal')).toEqual({ stuck: undefined, computing: undefined });
  });

  it('counts from zero at the next collective', () => {
    const look = looks([allReplicas, allReplicas]);
    look(0, 'a...', '....', '....');
    look(90, 'a...', '....', '....');
    expect(look(90, 'ala.', 'al..', 'al..').stuck).toBeUndefined();
    expect(look(90, 'ala.', 'al..', 'al..').stuck).toBeUndefined();
    expect(look(10, 'ala.', 'al..', 'al..').stuck).toEqual({ collective: 1, arrived: [0] });
  });

  it('finds an exchange that does not end although every replica arrived', () => {
    const look = looks([allReplicas]);
    look(0, 'a.', 'al', 'a.');
    expect(look(100, 'a.', 'al', 'a.').stuck).toEqual({ collective: 0, arrived: [0, 1, 2] });
  });

  it('names the collective that waits for the replica which waits nowhere itself', () => {
    const look = looks([
      { words: 'back to 1', participants: [0, 1] },
      { words: '2 to 0', participants: [0, 2] },
    ]);
    look(0, '..a.', 'a...', '....');
    expect(look(100, '..a.', 'a...', '....').stuck).toEqual({ collective: 1, arrived: [0] });
  });

  it('blames no wait that follows from a later one, which gets its full time as well', () => {
    const look = looks([
      { words: 'back to 1', participants: [0, 1] },
      { words: '2 to 0', participants: [0, 2] },
    ]);
    look(0, '....', 'a...', '....');
    look(40, '..a.', 'a...', '....');
    expect(look(60, '..a.', 'a...', '....').stuck).toBeUndefined();
    expect(look(40, '..a.', 'a...', '....').stuck).toEqual({ collective: 1, arrived: [0] });
  });

  it('finds replicas that wait for each other', () => {
    const look = looks([
      { words: '0 first', participants: [0, 1] },
      { words: '1 first', participants: [0, 1] },
    ]);
    look(0, 'a...', '....');
    look(40, 'a...', '..a.');
    expect(look(60, 'a...', '..a.').stuck).toBeUndefined();
    expect(look(40, 'a...', '..a.').stuck).toEqual({ collective: 0, arrived: [0] });
  });
});
