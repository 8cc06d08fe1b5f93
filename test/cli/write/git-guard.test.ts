import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { assertClean } from '../../../src/cli/write/git-guard.js';
import { addFiles, temporaryTree } from '../../scan/temporary-tree.js';

function git(root: string, ...words: string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], { cwd: root, stdio: 'pipe' });
}

function committed(files: Record<string, string>): string {
  const root = temporaryTree(files);
  git(root, 'init', '-q');
  git(root, 'add', '-A');
  git(root, 'commit', '-qm', 'start');
  return root;
}

function problem(root: string, ...names: string[]): string | undefined {
  try {
    assertClean(
      names.map((name) => path.join(root, name)),
      root,
    );
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ code: 'DIRTY_WORKING_TREE' });
    return (error as Error).message;
  }
}

describe('assertClean', () => {
  it('runs nothing that the repository configures', () => {
    const root = committed({ 'a.js': '1', '.gitattributes': '*.js filter=own\n*.py filter=odd.name\n', 'b.py': '1' });
    const inner = committed({ 'c.js': '1' });
    git(root, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner, 'inner');
    git(root, 'commit', '-qm', 'inner');
    const proof = path.join(root, '.git', 'ran');
    const program = path.join(root, '.git', 'program.sh');
    writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> '${proof}'\ncat\n`, { mode: 0o755 });
    for (const folder of [root, path.join(root, 'inner')]) {
      for (const name of ['own', 'odd.name']) {
        git(folder, 'config', `filter.${name}.clean`, program);
        git(folder, 'config', `filter.${name}.process`, program);
        git(folder, 'config', `filter.${name}.required`, 'true');
      }
      git(folder, 'config', 'core.fsmonitor', program);
      git(folder, 'config', 'core.pager', program);
    }
    // The sizes stay the same, so git has to look at the contents.
    addFiles(root, { 'a.js': '2', 'b.py': '2', 'inner/c.js': '2' });
    rmSync(proof, { force: true });
    expect(problem(root, 'a.js', 'b.py', 'inner/c.js')).toContain('  inner/c.js');
    expect(existsSync(proof) ? readFileSync(proof, 'utf8') : '').toBe('');
    expect(() => {
      git(root, 'status', '--porcelain');
    }).toThrow(/clean filter 'own' failed/);
    expect(existsSync(proof), 'git itself runs the programs').toBe(true);
  });

  it('accepts committed files, whatever the state of other files', () => {
    const root = committed({ 'a.js': '1', 'b.js': '1' });
    writeFileSync(path.join(root, 'b.js'), '2');
    expect(problem(root, 'a.js')).toBeUndefined();
  });

  it('names modified, staged and untracked files', () => {
    const root = committed({ 'a.js': '1', 'b.js': '1', 'ö [x] "q".js': '1', 'clean.js': '' });
    addFiles(root, { 'a.js': '2', 'b.js': '2', 'ö [x] "q".js': '2', 'new/deep/c.js': '' });
    git(root, 'add', 'b.js');
    const message = problem(root, 'a.js', 'b.js', 'clean.js', 'new/deep/c.js', 'ö [x] "q".js');
    for (const name of ['a.js', 'b.js', 'new/deep/c.js', 'ö [x] "q".js']) expect(message).toContain(`  ${name}`);
    expect(message).not.toContain('clean.js');
  });

  it('treats names literally, not as patterns', () => {
    const root = committed({ '*.js': '1', 'a.js': '1' });
    writeFileSync(path.join(root, 'a.js'), '2');
    expect(problem(root, '*.js')).toBeUndefined();
  });

  it('accepts ignored files and files outside a repository', () => {
    expect(problem(temporaryTree({ 'a.js': '' }), 'a.js')).toBeUndefined();
    const root = committed({ '.gitignore': 'gen/\n' });
    addFiles(root, { 'gen/a.js': '' });
    expect(problem(root, 'gen/a.js')).toBeUndefined();
  });

  it('asks the inner repository about its own files', () => {
    const root = committed({ 'a.js': '1' });
    addFiles(root, { 'inner/b.js': '1' });
    const inner = path.join(root, 'inner');
    git(inner, 'init', '-q');
    git(inner, 'add', '-A');
    git(inner, 'commit', '-qm', 'start');
    expect(problem(root, 'a.js', 'inner/b.js')).toBeUndefined();
    writeFileSync(path.join(inner, 'b.js'), '2');
    expect(problem(root, 'a.js', 'inner/b.js')).toContain('inner/b.js');
  });

  it('fails when git cannot answer', () => {
    const root = temporaryTree({ 'a.js': '', '.git': 'gitdir: /nowhere' });
    expect(problem(root, 'a.js')).toContain('`git status` failed');
  });

  it('handles more files than fit on one command line', () => {
    const names = Array.from({ length: 450 }, (_, index) => `f${index}.js`);
    const root = committed(Object.fromEntries(names.map((name) => [name, ''])));
    addFiles(root, { 'f0.js': 'x', 'f449.js': 'x' });
    const message = problem(root, ...names);
    expect(message).toContain('f0.js');
    expect(message).toContain('f449.js');
  });
});
