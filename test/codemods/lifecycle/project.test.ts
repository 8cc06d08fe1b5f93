/** Tests the import graph of a project. */
import { expect, it } from 'vitest';

import { type ModuleImport, ProjectIndex } from '../../../src/codemods/lifecycle/project.js';

/** An index over written imports: `a -> b: name as local`, `a -> b: *`, `a -> b` for the module itself. */
function indexOf(...lines: readonly string[]): ProjectIndex {
  const imports = new Map<string, ModuleImport[]>();
  for (const line of lines) {
    const [, from = '', target = '', member, local] = /^(\w+) -> (\w+)(?:: (\S+)(?: as (\w+))?)?$/.exec(line) ?? [];
    const known = imports.get(from) ?? [];
    imports.set(from, [...known, { target, member, local: member === '*' ? undefined : (local ?? member ?? target) }]);
  }
  return new ProjectIndex({
    mayImport: () => [...imports.keys()],
    importsOf: (path) => imports.get(path) ?? [],
  });
}

it('finds the importers of a file, directly and through others, also in circles', () => {
  const index = indexOf('train -> nets: build', 'main -> train: run', 'nets -> train: x', 'other -> tools: y');
  expect(index.importersOf('nets')).toEqual(['train']);
  expect([...index.dependentsOf('nets')].sort()).toEqual(['main', 'train']);
});

it('follows values to the files that can receive them, and to no others', () => {
  const index = indexOf('train -> nets: build', 'train -> tools: fit', 'tools -> log: show', 'demo -> log: show');
  expect([...index.familyOf('nets')].sort()).toEqual(['log', 'nets', 'tools', 'train']);
});

it('follows a name through re-exports under other names and through stars', () => {
  const index = indexOf(
    'pkg -> nets: build as make',
    'barrel -> pkg: *',
    'use -> barrel: make as m',
    'no -> nets: other',
  );
  expect(index.exportsOf('nets', 'build')).toEqual([
    { path: 'pkg', name: 'make' },
    { path: 'barrel', name: 'make' },
    { path: 'use', name: 'm' },
  ]);
});

it('connects files that share modules', () => {
  const index = indexOf('a -> common: x', 'b -> common: y', 'c -> d: z');
  expect([...index.connectedTo('a')].sort()).toEqual(['a', 'b', 'common']);
});
