import { describe, expect, it } from 'vitest';

import { WaitingTimes } from '../../../../src/runtime/trace/watchdog/waiting-times.js';

const everyone = { words: 'all-reduce', participants: [0, 1, 2] };

/** A look at boards of marks: for each replica `a` where it came to a collective, `l` where it went on, in the order of the collectives. */
function looks(collectives: readonly { words: string; participants: readonly number[] }[], timeoutMs = 100) {
  const times = new WaitingTimes({ collectives });
  const board = (marks: string): Int32Array => Int32Array.from([...marks], (mark) => Number(mark !== '.'));
  return (since: number, ...marks: string[]) => times.look(marks.map(board), since, timeoutMs);
}

describe('WaitingTimes', () => {
  it('counts from the first look that shows a wait', () => {
    const look = looks([everyone]);
    expect(look(5000, 'a.', '..', 'a.').stuck).toBeUndefined();
    expect(look(99, 'a.', '..', 'a.').stuck).toBeUndefined();
    expect(look(1, 'a.', '..', 'a.').stuck).toEqual({ collective: 0, arrived: [0, 2] });
  });

  it('never finds replicas stuck that compute, however long', () => {
    const look = looks([everyone, everyone]);
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

  it('starts anew at the next collective', () => {
    const look = looks([everyone, everyone]);
    look(0, 'a...', '....', '....');
    look(90, 'a...', '....', '....');
    expect(look(90, 'ala.', 'al..', 'al..').stuck).toBeUndefined();
    expect(look(90, 'ala.', 'al..', 'al..').stuck).toBeUndefined();
    expect(look(10, 'ala.', 'al..', 'al..').stuck).toEqual({ collective: 1, arrived: [0] });
  });

  it('finds an exchange that does not end although everyone came', () => {
    const look = looks([everyone]);
    look(0, 'a.', 'al', 'a.');
    expect(look(100, 'a.', 'al', 'a.').stuck).toEqual({ collective: 0, arrived: [0, 1, 2] });
  });

  it('names the collective that waits for a replica which waits nowhere', () => {
    const look = looks([
      { words: 'back to 1', participants: [0, 1] },
      { words: '2 to 0', participants: [0, 2] },
    ]);
    look(0, '..a.', 'a...', '....');
    expect(look(100, '..a.', 'a...', '....').stuck).toEqual({ collective: 1, arrived: [0] });
  });
});
