import { describe, expect, it } from 'vitest';

import { createPalette, wantsColour } from '../../src/report/palette.js';

describe('wantsColour', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
    [{ FORCE_COLOR: 'false' }, true, false],
    [{ FORCE_COLOR: '', NO_COLOR: '1' }, false, true],
    [{ TERM: 'dumb' }, true, false],
  ])('%j on a terminal (%s): %s', (environment, isTerminal, expected) => {
    expect(wantsColour(environment, isTerminal)).toBe(expected);
  });

  it('leaves text alone without colours', () => {
    expect(createPalette(false).added('x')).toBe('x');
    expect(createPalette(true).added('x')).toBe('\u001b[32mx\u001b[39m');
  });
});
