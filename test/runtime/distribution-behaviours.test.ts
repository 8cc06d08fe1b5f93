/** docs/distribution-behaviours.md: every row that holds names a test that exists, and the numbers are right. */
import { existsSync, readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

const page = new URL('../../docs/distribution-behaviours.md', import.meta.url);
const text = readFileSync(page, 'utf8');

interface Row {
  readonly name: string;
  readonly state: string;
  readonly last: string;
}

const rows = text
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line): Row => {
    const cells = line.split(' | ');
    return { name: cells[0] ?? '', state: cells[2] ?? '', last: (cells[3] ?? '').replace(/ \|$/, '') };
  });

const count = (state: string): number => rows.filter((row) => row.state === state).length;

test('every row that holds names a test of its file', () => {
  const missing = rows.filter(({ state, last }) => {
    if (state !== 'holds') return last === '';
    const [, file = '', title = ''] = /^\[[^\]]*\]\(([^)]*)\): (.*)$/.exec(last) ?? [];
    const path = new URL(file, page);
    return title === '' || !existsSync(path) || !readFileSync(path, 'utf8').includes(title);
  });
  expect(missing).toEqual([]);
});

test('the numbers are those of the rows, and 95 % of what applies holds', () => {
  const [holds, fails, other] = [count('holds'), count('does not hold'), count('does not apply')];
  expect(holds + fails + other).toBe(rows.length);
  expect(text).toContain(`| hold | ${holds} |`);
  expect(text).toContain(`| do not hold | ${fails} |`);
  expect(text).toContain(`| do not apply | ${other} |`);
  expect(holds / (holds + fails)).toBeGreaterThanOrEqual(0.95);
});
