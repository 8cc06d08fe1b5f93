/** No line is longer than 120 columns, except in data tables and where a string or a pattern cannot be broken. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { expect, it } from 'vitest';

const COLUMNS = 120;
/** A line that holds a literal stays whole, so that people can search for its text. */
const HAS_LITERAL = /['"`]|\/.+\/[a-z]*[;,).]/;
const COMMENT = /^\s*(?:\*|\/\/|\/\*)/;
/** Code in a comment cannot be wrapped like a sentence. */
const CODE_IN_COMMENT = /^\s*\* (?:\S*\(|.*`npm run )/;

function sourceFiles(): string[] {
  return execFileSync('git', ['ls-files', 'src', 'test', 'bench', 'scripts'], { encoding: 'utf8' })
    .split('\n')
    .filter((name) => /\.[jt]s$/.test(name) && !/-table\.[jt]s$|scripts\/new\/templates/.test(name));
}

it('wraps every line at 120 columns', () => {
  const long = sourceFiles().flatMap((name) =>
    readFileSync(name, 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        if (line.length <= COLUMNS) return [];
        const isFine = COMMENT.test(line) ? CODE_IN_COMMENT.test(line) : HAS_LITERAL.test(line);
        return isFine ? [] : [`${name}:${index + 1}`];
      }),
  );
  expect(long).toEqual([]);
});
