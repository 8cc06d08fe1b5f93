import { describe, expect, it } from 'vitest';

import { codeText } from '../../../../src/codemods/python/syntax/code-text.js';

describe('codeText', () => {
  it('empties strings and removes comments', () => {
    expect(codeText(`a = 'x' # lr\nb = "y"`)).toBe(`a = '' \nb = ""`);
    expect(codeText(`"""of keras\n'lr'\n"""\nb`)).toBe('""""""\nb');
    expect(
      codeText(String.raw`a = 'it\'s' + b'\\' + r'\'' + "\
" + lr`),
    ).toBe(`a = '' + b'' + r'' + "" + lr`);
    expect(codeText(`'''a\\''' lr ''' b`)).toBe(`'''''' b`);
    expect(codeText(`x = '#' # '\ny`)).toBe(`x = '' \ny`);
  });

  it('keeps strings that contain code', () => {
    for (const text of [`f'{Adam(lr=1)}'`, `rF"{x['lr']}"`, `t'{lr}'`, `f"""{\nlr}"""`])
      expect(codeText(`a = ${text} + b`)).toBe(`a = ${text} + b`);
  });

  it('returns the whole text when it is not certain what a string is', () => {
    for (const text of [`a = 'x\nlr`, `"""never closed lr`, `f"{x["a" + Adam(lr=1)]}"`, `print 'don't'\n`])
      expect(codeText(text)).toBe(text);
  });
});
