/** Nothing that `npm run new` leaves for the author to write is left in the repository. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, it } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..');

/** Every place that a skeleton writes to, and the files there. */
const PLACES: readonly (readonly [folder: string, file: RegExp])[] = [
  ['src', /\.ts$/],
  ['docs', /\.md$/],
  ['fixtures', /(^|\/)report\.json$/],
];

const files = PLACES.flatMap(([folder, wanted]) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => wanted.test(file))
    .map((file) => `${folder}/${file}`),
);

it('no TODO of a skeleton is left', () => {
  expect(files.length).toBeGreaterThan(500);
  // The marks that --mark writes are TODO(mirrorscope); texts about them say "TODO mark" or "a TODO".
  const leftover = /\bTODO(?=[:'.]|$)/m;
  expect(files.filter((file) => leftover.test(readFileSync(path.join(ROOT, file), 'utf8')))).toEqual([]);
});
