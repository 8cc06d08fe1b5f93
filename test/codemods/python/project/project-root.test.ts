/** Tests that the root of a project follows from the file. */
import { describe, expect, it } from 'vitest';

import { programRoot, projectRoot } from '../../../../src/codemods/python/project/project-root.js';

import { memoryFiles } from './memory-files.js';

const rootIn = (texts: readonly string[], path: string): string =>
  projectRoot(memoryFiles(Object.fromEntries([...texts, path].map((each) => [each, '']))), path);

describe('projectRoot', () => {
  it('is the nearest folder with a manifest or a repository', () => {
    expect(rootIn(['/w/a/setup.py', '/w/.git/HEAD'], '/w/a/src/nets/model.py')).toBe('/w/a');
    expect(rootIn(['/w/.git'], '/w/a/model.py')).toBe('/w');
  });

  it('is no package, even one with a manifest of its own', () => {
    expect(rootIn(['/w/setup.py', '/w/nets/__init__.py', '/w/nets/requirements.txt'], '/w/nets/model.py')).toBe('/w');
  });

  it('is the folder above the packages where nothing marks it', () => {
    expect(rootIn(['/w/a/nets/__init__.py', '/w/b/x.py', '/w/x.py'], '/w/a/nets/model.py')).toBe('/w/a');
    expect(rootIn(['/w/stray.py', '/w/b/train.py'], '/w/a/model.py')).toBe('/w/a');
  });

  it.each([
    ['a script above imports the folder', '/w/a/train.py', 'from lib.nets.model import Net'],
    ['a script beside imports the folder', '/w/a/scripts/train.py', 'import lib.nets.model as model'],
  ])('is higher where %s', (_, script, text) => {
    const files = memoryFiles({ [script]: text, '/w/a/lib/nets/model.py': '', '/w/b/c/x.py': '' });
    expect(projectRoot(files, '/w/a/lib/nets/model.py')).toBe('/w/a');
    expect(projectRoot(files, script)).toBe('/w/a');
  });

  it('is not higher for a name that stands beside the script, nor in a folder with many entries', () => {
    const script = { '/w/a/train.py': 'import data', '/w/data/x.py': '' };
    expect(projectRoot(memoryFiles(script), '/w/a/train.py')).toBe('/w');
    expect(projectRoot(memoryFiles({ ...script, '/w/a/data.py': '' }), '/w/a/train.py')).toBe('/w/a');
    const others = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`/w/other${index}/x.py`, '']));
    expect(projectRoot(memoryFiles({ ...script, ...others }), '/w/a/train.py')).toBe('/w/a');
  });

  it('is the top package below installed packages', () => {
    const path = '/v/site-packages/keras/utils/training.py';
    expect(rootIn(['/v/site-packages/keras/__init__.py', '/v/site-packages/keras/utils/__init__.py'], path)).toBe(
      '/v/site-packages/keras',
    );
  });
});

it('separates programs in one repository', () => {
  const files = memoryFiles({
    '/w/.git/HEAD': '',
    '/w/a/train.py': 'from nets import model',
    '/w/a/nets/model.py': '',
    '/w/b/train.py': '',
  });
  expect(programRoot(files, '/w/a/nets/model.py')).toBe('/w/a');
});
