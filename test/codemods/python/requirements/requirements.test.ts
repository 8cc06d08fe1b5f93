/** Requirements of Python projects, ranges of versions, and the warnings that follow from them. */
import { describe, expect, it } from 'vitest';

import { FAILING_STRATEGY_VERSIONS } from '../../../../src/catalogue/strategy-versions-table.js';
import { declaredTarget } from '../../../../src/codemods/python/keras-imports/target.js';
import { versionWarning } from '../../../../src/codemods/python/requirements/failing-versions.js';
import { type Manifest, readRequirements } from '../../../../src/codemods/python/requirements/read-requirements.js';
import { compareVersions, parseRange, versionOf } from '../../../../src/codemods/python/requirements/version-range.js';

const manifest = (text: string, name = 'requirements.txt'): Manifest[] => [{ name, text }];

describe('ranges', () => {
  it.each([
    ['', undefined, undefined],
    ['*', undefined, undefined],
    ['==3.6', [3, 6], [3, 6, 1]],
    ['==3.6.0', [3, 6, 0], [3, 6, 1]],
    ['==3.6.*', [3, 6], [3, 7]],
    ['=2.4', [2, 4], [2, 5]],
    ['=2.4.1=py37_0', [2, 4, 1], [2, 4, 2]],
    ['>=3.3,<3.10', [3, 3], [3, 10]],
    ['>= 3.3, < 3.10', [3, 3], [3, 10]],
    ['>3.3', [3, 3, 1], undefined],
    ['<=2.15', undefined, [2, 15, 1]],
    ['~=3.4', [3, 4], [4]],
    ['~=3.4.1', [3, 4, 1], [3, 5]],
    ['^3.4', [3, 4], [4]],
    ['^0.4.1', [0, 4, 1], [0, 5]],
    ['~3.4.1', [3, 4, 1], [3, 5]],
    ['!=3.5', undefined, undefined],
    ['3.6.0', [3, 6, 0], [3, 6, 1]],
    ['==3.7.0rc1', [3, 7, 0], [3, 7, 1]],
  ])('%s', (specifier, low, high) => {
    expect(parseRange(specifier)).toEqual({ low, high });
  });

  it('are compared as numbers, not as text', () => {
    expect(compareVersions(versionOf('3.10'), versionOf('3.9.2'))).toBeGreaterThan(0);
    expect(compareVersions(versionOf('3.10'), versionOf('3.10.0'))).toBe(0);
  });
});

describe('requirements', () => {
  it.each([
    ['requirements.txt', 'numpy\nkeras==3.6.0  # pinned\n', ['keras==3.6.0']],
    ['requirements.txt', 'Keras >= 3.3, < 4 ; python_version > "3.9"\n', ['Keras>= 3.3, < 4']],
    ['requirements.txt', '# keras==3.6.0\nmy-keras==3.6\nkeras-tuner==1.4\nkeras_applications\n', []],
    [
      'requirements.txt',
      'tensorflow[and-cuda]==2.18.0 --hash=sha256:00\r\ntf_keras\r\n',
      ['tensorflow==2.18.0', 'tf_keras'],
    ],
    ['requirements-gpu.txt', 'tensorflow_gpu==1.12.0', ['tensorflow_gpu==1.12.0']],
    [
      'setup.py',
      "setup(install_requires=['numpy', 'keras>=3.3', \"tensorflow\"], name='keras-like')",
      ['keras>=3.3', 'tensorflow'],
    ],
    ['setup.py', "setup(extras_require={'tensorflow': ['tensorflow-gpu<2.4']})", ['tensorflow-gpu<2.4']],
    [
      'setup.cfg',
      '[options]\ninstall_requires =\n    keras>=2.2,<3\n    tensorflow\n',
      ['keras>=2.2,<3', 'tensorflow'],
    ],
    ['pyproject.toml', '[project]\ndependencies = ["keras~=3.5", "numpy"]\n', ['keras~=3.5']],
    [
      'pyproject.toml',
      '[tool.poetry.dependencies]\nkeras = "^3.4"\ntensorflow = {version = "2.18.0", extras = ["and-cuda"]}\n',
      ['keras^3.4', 'tensorflow 2.18.0'],
    ],
    ['Pipfile', '[packages]\nkeras = "*"\ntensorflow = "==2.18.0"\n', ['keras', 'tensorflow==2.18.0']],
    [
      'environment.yml',
      'dependencies:\n  - keras=3.6\n  - pip:\n    - tensorflow==2.18.0\n',
      ['keras=3.6', 'tensorflow==2.18.0'],
    ],
  ])('of %s: %j', (name, text, expected) => {
    expect(readRequirements(manifest(text, name)).map((requirement) => requirement.text)).toEqual(expected);
  });
});

describe('the target that a project declares', () => {
  it.each([
    ['keras>=3.0', 'keras3'],
    ['keras==2.4.3', 'tf-keras'],
    ['keras', 'tf-keras'],
    ['keras<3', 'tf-keras'],
    ['# keras>=3, one day', 'tf-keras'],
    ['keras-tuner>=3', 'tf-keras'],
  ])('%s', (text, target) => {
    expect(declaredTarget(manifest(text))).toBe(target);
  });
});

describe('a warning about MirroredStrategy', () => {
  const warning = (text: string) => versionWarning('tf.distribute.MirroredStrategy', readRequirements(manifest(text)));
  it.each([
    ['keras==3.4.1', /requires keras==3\.4\.1: .*never exchange gradients/],
    ['keras==3.6.0', /requires keras==3\.6\.0: .*added up/],
    ['keras>=3.8,<3.10', /NaN/],
    ['keras>=3.3', /allows keras 3\.3 \(keras>=3\.3\)/],
    ['tensorflow==2.18\nkeras<3.8', /requires keras<3\.8/],
    ['tensorflow-gpu==1.12.0', /before 1\.13/],
  ])('with %j', (text, expected) => {
    expect(warning(text)).toMatch(expected);
  });

  it.each([
    '',
    'keras',
    'keras>=3.10',
    'keras==3.15.1',
    'keras==2.4.3',
    'tensorflow',
    'tensorflow==2.18.0',
    'tensorflow==2.10\nkeras==3.6',
    'keras==3.6\ntf-keras',
    'keras>=3.3\nkeras>=3.10',
  ])('none with %j', (text) => {
    expect(warning(text)).toBeUndefined();
  });
});

describe('a warning about MultiWorkerMirroredStrategy', () => {
  const warning = (text: string) =>
    versionWarning('tf.distribute.MultiWorkerMirroredStrategy', readRequirements(manifest(text)));
  it.each([
    'keras>=3',
    'keras',
    'tensorflow',
    'tensorflow>=2.4',
    'tensorflow==2.16.1',
    'keras==3.15.1\ntensorflow==2.21',
  ])('with %j', (text) => {
    expect(warning(text)).toMatch(/PerReplica.*TF_USE_LEGACY_KERAS=1/);
  });
  it('with a TensorFlow that lacks the strategy', () => {
    expect(warning('tensorflow==2.3.1')).toMatch(/requires tensorflow==2\.3\.1: with TensorFlow before 2\.4/);
  });
  it.each(['', 'tensorflow==2.10.0', 'tensorflow>=2.4,<2.16', 'tensorflow==2.18\ntf_keras', 'numpy'])(
    'none with %j',
    (text) => {
      expect(warning(text)).toBeUndefined();
    },
  );
});

it('has a source, a remedy and a range that is not empty for each entry', () => {
  for (const { from, below, remedy, source, note } of FAILING_STRATEGY_VERSIONS) {
    expect(remedy).not.toBe('');
    expect(source).not.toBe('');
    expect(note).not.toBe('');
    if (below !== null) expect(compareVersions(versionOf(from), versionOf(below))).toBeLessThan(0);
  }
});
