import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';

import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { createPathFilter } from '../../src/scan/path-filter.js';
import { relativePath, walk, type WalkOptions } from '../../src/scan/walk.js';

import { addFiles, temporaryTree } from './temporary-tree.js';

function walked(
  root: string,
  options: Partial<WalkOptions> & { include?: string[]; exclude?: string[]; from?: string[] } = {},
) {
  const { include = [], exclude = [], from = ['.'], ...rest } = options;
  const result = walk({
    root,
    seeds: from.map((seed) => path.resolve(root, seed)),
    extensions: new Set(['.js', '.ts']),
    filter: createPathFilter({ base: root, globs: include }, { base: root, globs: exclude }),
    respectIgnoreFiles: true,
    ...rest,
  });
  return { ...result, names: result.files.map((file) => relativePath(root, file)) };
}

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('walk', () => {
  it('returns the files with the given extensions, in upper or lower case, ordered by path', () => {
    const root = temporaryTree({
      'b.js': '',
      'a/z.ts': '',
      'a/a.TS': '',
      'c.css': '',
      '.hidden.js': '',
      '.config/x.js': '',
      js: '',
      '.js': '',
    });
    expect(walked(root).names).toEqual(['.config/x.js', '.hidden.js', 'a/a.TS', 'a/z.ts', 'b.js']);
  });

  it('does not enter node_modules and .git by default, whatever the ignore setting', () => {
    const root = temporaryTree({
      'node_modules/p/i.js': '',
      'sub/node_modules/p/i.js': '',
      '.git/hooks/h.js': '',
      'a.js': '',
    });
    expect(walked(root).names).toEqual(['a.js']);
    expect(walked(root, { respectIgnoreFiles: false }).names).toEqual(['a.js']);
  });

  it('does not enter virtual environments, installed packages and build results unless they are named', () => {
    const root = temporaryTree({
      'a.js': '',
      'build/own.js': '',
      'lib/own.js': '',
      'env/own.js': '',
      'venv3/pyvenv.cfg': 'home = /usr/bin\n',
      'venv3/lib/python3.12/site-packages/p/x.js': '',
      'venv3/bin/tool.js': '',
      'conda/conda-meta/history': '',
      'conda/x.js': '',
      'old/lib/python3.8/site-packages/p/x.js': '',
      '.tox/py3/x.js': '',
      '.nox/x.js': '',
      '__pypackages__/3.8/lib/x.js': '',
      '.eggs/p/x.js': '',
      'build/lib/p/x.js': '',
      'build/lib.linux-x86_64-3.8/p/x.js': '',
      'bower_components/p/x.js': '',
    });
    symlinkSync('../venv3/bin', path.join(root, 'lib/linked'));
    const own = ['a.js', 'build/own.js', 'env/own.js', 'lib/own.js'];
    expect(walked(root).names).toEqual(own);
    expect(walked(root, { respectIgnoreFiles: false }).names).toEqual(own);
    expect(walked(root, { from: ['venv3'] }).names).toEqual(['venv3/bin/tool.js']);
    expect(walked(root, { from: ['build/lib'] }).names).toEqual(['build/lib/p/x.js']);
  });

  it('follows no link to a pipe', () => {
    const root = temporaryTree({ 'a.js': '' });
    execFileSync('mkfifo', [path.join(root, 'pipe.js')]);
    symlinkSync('pipe.js', path.join(root, 'link.js'));
    expect(walked(root)).toMatchObject({ names: ['a.js'], failures: [] });
  });

  it('enters node_modules when it is named', () => {
    const root = temporaryTree({ 'node_modules/p/i.js': '', 'node_modules/p/node_modules/q/i.js': '', 'a.js': '' });
    expect(walked(root, { from: ['node_modules/p'] }).names).toEqual(['node_modules/p/i.js']);
  });

  it('reports each file once, however many seeds lead to it', () => {
    const root = temporaryTree({ 'src/a.js': '', 'src/b.js': '' });
    expect(walked(root, { from: ['src/b.js', 'src', '.', 'src/a.js'] }).names).toEqual(['src/a.js', 'src/b.js']);
  });

  it('reports named files of other types', () => {
    const root = temporaryTree({ 'a.css': '', 'a.js': '' });
    const result = walked(root, { from: ['a.css', 'a.js'] });
    expect(result.names).toEqual(['a.js']);
    expect(result.otherTypes).toEqual([path.join(root, 'a.css')]);
  });

  it('applies globs to files and prunes excluded folders', () => {
    const root = temporaryTree({
      'src/a.js': '',
      'src/a.test.js': '',
      'src/deep/b.test.js': '',
      'vendor/c.js': '',
      'src/vendor/d.js': '',
    });
    expect(walked(root, { exclude: ['vendor', '*.test.js'] }).names).toEqual(['src/a.js']);
    expect(walked(root, { include: ['src/**'], exclude: ['src/deep/**'] }).names).toEqual([
      'src/a.js',
      'src/a.test.js',
      'src/vendor/d.js',
    ]);
    expect(walked(root, { include: ['./src/*.js'] }).names).toEqual(['src/a.js', 'src/a.test.js']);
  });
});

describe('symbolic links', () => {
  it('does not follow links out of the root', () => {
    const outside = temporaryTree({ 'secret.js': '', 'dir/other.js': '' });
    const root = temporaryTree({ 'a.js': '' });
    symlinkSync(path.join(outside, 'secret.js'), path.join(root, 'link.js'));
    symlinkSync(path.join(outside, 'dir'), path.join(root, 'linked'));
    expect(walked(root).names).toEqual(['a.js']);
  });

  it('handles circular and dangling links', () => {
    const root = temporaryTree({ 'a/b/c.js': '' });
    symlinkSync('..', path.join(root, 'a/b/up'));
    symlinkSync('self', path.join(root, 'self'));
    symlinkSync('gone.js', path.join(root, 'dangling.js'));
    symlinkSync('other', path.join(root, 'one'));
    symlinkSync('one', path.join(root, 'other'));
    const result = walked(root);
    expect(result.names).toEqual(['a/b/c.js']);
    expect(result.failures).toEqual([]);
  });

  it('visits a target inside the root once, under its own name, unless it is ignored', () => {
    const root = temporaryTree({
      'lib/real.js': '',
      'lib/deep/more.js': '',
      'build/out.js': '',
      '.gitignore': 'build/\n',
      'src/a.js': '',
      'node_modules/p/i.js': '',
    });
    symlinkSync('../lib/real.js', path.join(root, 'src/link.js'));
    symlinkSync('../lib/deep', path.join(root, 'src/linked'));
    symlinkSync('../build/out.js', path.join(root, 'src/ignored.js'));
    symlinkSync('../build', path.join(root, 'src/ignored'));
    symlinkSync('../node_modules/p', path.join(root, 'src/p'));
    expect(walked(root, { from: ['src'] }).names).toEqual(['lib/deep/more.js', 'lib/real.js', 'src/a.js']);
    expect(walked(root).names).toEqual(['lib/deep/more.js', 'lib/real.js', 'src/a.js']);
  });

  it('follows a named link wherever it leads', () => {
    const outside = temporaryTree({ 'real.js': '' });
    const root = temporaryTree();
    symlinkSync(path.join(outside, 'real.js'), path.join(root, 'link.js'));
    expect(walked(root, { from: ['link.js'] }).files).toEqual([path.join(outside, 'real.js')]);
  });
});

/** The files that git itself does not ignore. */
function listedByGit(root: string): string[] {
  const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return output
    .split('\0')
    .filter((name) => name.endsWith('.js'))
    .sort();
}

function repository(files: Record<string, string>): string {
  const root = temporaryTree(files);
  execFileSync('git', ['init', '-q', root]);
  return root;
}

describe('ignore files', () => {
  it('agrees with git on nested files, negation, anchors and folders', () => {
    const files = [
      'a.js',
      'b.js',
      'keep.js',
      'build/x.js',
      'build/keep.js',
      'sub/a.js',
      'sub/keep.js',
      'sub/build/x.js',
      'sub/logs/l.js',
      'sub/logs/keep/m.js',
      'deep/er/a.js',
      'deep/er/b.js',
      'weird [x]/a.js',
      'UPPER/a.js',
    ];
    const root = repository(Object.fromEntries(files.map((name) => [name, ''])));
    addFiles(root, {
      '.gitignore': '# comment\n*.js\n!keep.js\n!sub/\n/build\n!deep/**/b.js\nupper/\n',
      'sub/.gitignore': '!a.js\nlogs/\n!logs/keep/\nbuild\n',
      'deep/.gitignore': '!er/a.js\r\n',
      '.git/info/exclude': 'sub/a.js\n',
    });
    expect(walked(root).names).toEqual(listedByGit(root));
    expect(walked(root).names.length).toBeGreaterThan(2);
  });

  it('re-includes a folder that a rule in a parent folder ignores', () => {
    const root = repository({
      '.gitignore': 'out/\n',
      'a/.gitignore': '!out/\n',
      'a/out/x.js': '',
      'a/out/deep/y.js': '',
      'out/z.js': '',
    });
    expect(listedByGit(root)).toEqual(['a/out/deep/y.js', 'a/out/x.js']);
    expect(walked(root).names).toEqual(listedByGit(root));
  });

  it('reads the rules above the walked folder, up to the root of the repository', () => {
    const root = repository({
      '.gitignore': '*.gen.js\n',
      'sub/.gitignore': 'tmp/\n',
      'sub/deep/a.js': '',
      'sub/deep/a.gen.js': '',
      'sub/deep/tmp/b.js': '',
    });
    expect(walked(path.join(root, 'sub/deep')).names).toEqual(['a.js']);
  });

  it('scans named paths even if they are ignored', () => {
    const root = repository({
      '.gitignore': 'build/\nskip.js\n',
      'build/x.js': '',
      'build/deep/y.js': '',
      'skip.js': '',
    });
    expect(walked(root, { from: ['build'] }).names).toEqual(['build/deep/y.js', 'build/x.js']);
    expect(walked(root, { from: ['skip.js'] }).names).toEqual(['skip.js']);
    expect(walked(root, { respectIgnoreFiles: false }).names).toEqual(['build/deep/y.js', 'build/x.js', 'skip.js']);
  });

  it('applies the ignore file that core.excludesFile names, after the rules of the repository', () => {
    const root = temporaryTree({
      '.gitignore': '!kept.js\n',
      'notes/private.js': '',
      'kept.js': '',
      'a.js': '',
      'b.ts': '',
    });
    const rules = temporaryTree({ ignore: 'private.js\nkept.js\n*.ts\n' });
    execFileSync('git', ['init', '-q', root]);
    execFileSync('git', ['-C', root, 'config', 'core.excludesFile', path.join(rules, 'ignore')]);
    expect(listedByGit(root)).toEqual(['a.js', 'kept.js']);
    expect(walked(root).names).toEqual(listedByGit(root));
    expect(walked(root, { from: ['notes'] }).names).toEqual([]);
    expect(walked(root, { respectIgnoreFiles: false }).names).toHaveLength(4);
  });

  it("finds the user's ignore file at its default path", () => {
    const root = temporaryTree({ 'private.js': '', 'a.js': '' });
    execFileSync('git', ['init', '-q', root]);
    vi.stubEnv('XDG_CONFIG_HOME', temporaryTree({ 'git/ignore': 'private.js\n' }));
    expect(walked(root).names).toEqual(['a.js']);
  });

  it('agrees with git for random rules', () => {
    const segment = fc.constantFrom('a', 'b', 'c');
    const file = fc.array(segment, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join('/')}.js`);
    const pattern = fc
      .tuple(
        fc.constantFrom('', '!'),
        fc.constantFrom('', '/', '**/'),
        fc.array(
          fc.constantFrom(
            'a',
            'b',
            'c',
            '*',
            '?',
            '*.js',
            'a.js',
            '**',
            '[!a]',
            '[a-b]*',
            '*a**',
            '[[:alpha:]]',
            '\\a',
            'b.js ',
            '[',
          ),
          { minLength: 1, maxLength: 3 },
        ),
        fc.constantFrom('', '/'),
      )
      .map(([negation, anchor, parts, end]) => negation + anchor + parts.join('/') + end);
    const rules = fc.array(pattern, { maxLength: 4 }).map((lines) => `${lines.join('\n')}\n`);
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 8 }), rules, rules, rules, (files, top, inA, inB) => {
        const root = repository({});
        mkdirSync(path.join(root, 'a/b'), { recursive: true });
        addFiles(root, Object.fromEntries(files.map((name) => [name, ''])));
        addFiles(root, { '.gitignore': top, 'a/.gitignore': inA, 'a/b/.gitignore': inB });
        expect(walked(root).names).toEqual(listedByGit(root));
      }),
      { numRuns: 60 },
    );
  });
});
