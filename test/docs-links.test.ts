/** Links and paths in the Markdown pages lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const markdown = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: folder === 'docs', encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')));

const PAGES = [...markdown('.'), ...markdown('docs')];
/** Pages about the code, whose paths mean files of this repository. */
const PAGES_ABOUT_CODE = PAGES.filter((page) => /^(?:ARCHITECTURE|CONTRIBUTING|docs\/internals)/.test(page));

function textOf(page: string): string {
  return readFileSync(path.join(root, page), 'utf8').replace(/^```.*?^```/gms, '');
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(PAGES)('%s', (page) => {
  const links = [...textOf(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^https?:/.test(link));

  it('links to pages and sections that exist', () => {
    for (const link of links) {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
      expect(existsSync(path.join(root, target)), link).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(target), link).toContain(anchor);
    }
  });
});

describe.each(PAGES_ABOUT_CODE)('%s', (page) => {
  it('names files and folders that exist', () => {
    const paths = [...textOf(page).matchAll(/`((?:src|scripts|test|fixtures|docs|bench)\/[\w./-]*)`/g)];
    for (const [, name = ''] of paths) expect(existsSync(path.join(root, name)), name).toBe(true);
  });
});

describe('ARCHITECTURE.md', () => {
  it('has a map of folders that exist, and of all of them at the top', () => {
    const map = /^ {4}src\/\n(.*?)^ {4}fixtures\//ms.exec(readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8'));
    const folders: string[] = [];
    const mapped = [...(map?.[1] ?? '').matchAll(/^ {4}( +)(\w+)\/(?: |$)/gm)].map(([, indent = '', name = '']) => {
      const depth = indent.length / 2;
      folders.splice(depth - 1, folders.length, name);
      return folders.join('/');
    });
    expect(mapped.length).toBeGreaterThan(15);
    for (const folder of mapped) expect(existsSync(path.join(root, 'src', folder)), folder).toBe(true);
    const top = readdirSync(path.join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(mapped.filter((folder) => !folder.includes('/')).sort()).toEqual(top.map(({ name }) => name).sort());
  });
});
