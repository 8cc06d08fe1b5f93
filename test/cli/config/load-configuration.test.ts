import path from 'node:path';

import { describe, expect, it } from 'vitest';

import { loadConfiguration } from '../../../src/cli/config/load-configuration.js';
import { temporaryTree } from '../../scan/temporary-tree.js';
import { objectContaining } from '../../support/matchers.js';

describe('loadConfiguration', () => {
  it('uses the defaults when there is no file', () => {
    const root = temporaryTree();
    expect(loadConfiguration(root)).toEqual({
      directory: root,
      modules: [],
      include: [],
      exclude: [],
      only: [],
      mark: false,
      target: 'auto',
      strategy: 'mirrored',
    });
  });

  it('finds the nearest file above, and resolves its globs relative to it', () => {
    const root = temporaryTree({
      'mirrorscope.config.json': '{"mark": true}',
      'a/mirrorscope.config.json': '\uFEFF{"exclude": ["gen"]}',
      'a/b/c/x.js': '',
    });
    expect(loadConfiguration(path.join(root, 'a/b/c'))).toMatchObject({
      directory: path.join(root, 'a'),
      exclude: ['gen'],
      mark: false,
    });
    expect(loadConfiguration(root)).toMatchObject({ directory: root, mark: true });
    expect(loadConfiguration(path.join(root, 'a/b'), '../../mirrorscope.config.json')).toMatchObject({
      directory: root,
      mark: true,
    });
  });

  it('explains what is wrong with a file', () => {
    const root = temporaryTree({ 'bad.json': '{"mark": "yes"}', 'broken.json': '{"mark": true,}' });
    const load = (name: string) => () => loadConfiguration(root, name);
    expect(load('bad.json')).toThrow(/bad\.json: `mark` must be a boolean, not a string\./);
    expect(load('broken.json')).toThrow(/broken\.json is not valid JSON/);
    expect(load('none.json')).toThrow(objectContaining({ code: 'CONFIGURATION' }));
  });
});
