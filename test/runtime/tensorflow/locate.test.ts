import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { libraryAtPath } from '../../../src/runtime/tensorflow/library-files.js';
import { loadedDirectory } from '../../../src/runtime/tensorflow/loaded-library.js';
import { locateTensorFlow } from '../../../src/runtime/tensorflow/locate.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'locate-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function file(...parts: string[]): string {
  const path = join(root, ...parts);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '');
  return path;
}

function wheel(environment: string, version: string): void {
  const site = join(environment, 'lib', 'python3.11', 'site-packages');
  file(site, 'tensorflow', 'libtensorflow_cc.so.2');
  file(site, 'tensorflow', 'libtensorflow_framework.so.2');
  file(site, `tensorflow_cpu-${version}.dist-info`, 'METADATA');
}

const find = (environment: Record<string, string>, workingDirectory = root) =>
  locateTensorFlow({ environment, workingDirectory, askPython: false, loaded: () => undefined });

describe('the search for the library', () => {
  it('prefers a library that the process has loaded: two copies cannot be in one process', () => {
    wheel('.venv', '2.21.0');
    const files = { paths: ['/loaded/libtensorflow.so.2'], origin: '/loaded' };
    const result = locateTensorFlow({
      environment: { MIRRORSCOPE_LIBTENSORFLOW: root },
      workingDirectory: root,
      askPython: false,
      loaded: () => files,
    });
    expect(result.files).toBe(files);
    expect(result.attempts).toEqual([
      { source: 'this process', place: '/loaded', outcome: 'found', detail: 'its version is known once it is loaded' },
    ]);
  });

  describe.skipIf(process.platform === 'win32')('refuses a library upward', () => {
    const project = () => join(root, 'project');
    beforeEach(() => {
      wheel('.venv', '2.21.0');
      file('package.json');
      file('project', 'package.json');
    });
    const refused = (detail: RegExp) =>
      expect.arrayContaining([
        {
          source: '.venv',
          place: join(root, '.venv', 'lib', 'python3.11', 'site-packages', 'tensorflow'),
          outcome: 'refused',
          detail: expect.stringMatching(detail) as string,
        },
      ]) as unknown;

    it.each([
      ['its folder', ['.venv', 'lib', 'python3.11', 'site-packages', 'tensorflow']],
      ['a folder above', []],
      ['the file', ['.venv', 'lib', 'python3.11', 'site-packages', 'tensorflow', 'libtensorflow_cc.so.2']],
    ])('when everybody may write to %s', (_, parts) => {
      expect(find({}, project()).files).toBeDefined();
      chmodSync(join(root, ...parts), 0o777);
      const { files, attempts } = find({}, project());
      expect(files).toBeUndefined();
      expect(attempts).toEqual(refused(/^refused, because everybody may write to /));
      // The user chose it.
      expect(find({ VIRTUAL_ENV: join(root, '.venv') }, project()).files).toBeDefined();
    });

    it('but not in a folder like /tmp, where only the owner may replace a file', () => {
      chmodSync(root, 0o1777);
      expect(find({}, project()).files).toBeDefined();
    });

    it.skipIf(process.getuid?.() !== 0)('when it belongs to another user', () => {
      chownSync(join(root, '.venv', 'lib'), 12345, 12345);
      expect(find({}, project()).attempts).toEqual(refused(/belongs to another user \(uid 12345\)/));
    });
  });

  it('finds a loaded library in a memory map', () => {
    const map = [
      '7f1a00000000-7f1a00021000 rw-p 00000000 00:00 0 ',
      '7f1b00000000-7f1b00400000 r-xp 00000000 08:01 1234                       /usr/lib/x86_64-linux-gnu/libc.so.6',
      '7f1c00000000-7f1c02000000 r--p 00000000 08:01 99                         /home/me/a project/deps/lib/libtensorflow_framework.so.2',
    ].join('\n');
    expect(loadedDirectory(map)).toBe('/home/me/a project/deps/lib');
    expect(loadedDirectory(map.split('\n').slice(0, 2).join('\n'))).toBeUndefined();
  });

  it('then prefers MIRRORSCOPE_LIBTENSORFLOW, and loads the framework library beside it first', () => {
    wheel('.venv', '2.21.0');
    const main = file('mine', 'libtensorflow.so.2');
    const framework = file('mine', 'libtensorflow_framework.so.2');
    const { files, attempts } = find({ MIRRORSCOPE_LIBTENSORFLOW: main });
    expect(files?.paths).toEqual([framework, main]);
    expect(attempts).toEqual([
      {
        source: 'MIRRORSCOPE_LIBTENSORFLOW',
        place: main,
        outcome: 'found',
        detail: 'its version is known once it is loaded',
      },
    ]);
  });

  it('stops when MIRRORSCOPE_LIBTENSORFLOW is wrong, because the user asked for that library', () => {
    wheel('.venv', '2.21.0');
    const { files, attempts } = find({ MIRRORSCOPE_LIBTENSORFLOW: join(root, 'nowhere.so') });
    expect(files).toBeUndefined();
    expect(attempts).toHaveLength(1);
    expect(attempts[0]?.outcome).toBe('missing');
  });

  it('then prefers the library of an installed tfjs-node, so that both use one copy', () => {
    wheel('.venv', '2.21.0');
    const directory = join('node_modules', '@tensorflow', 'tfjs-node');
    file(directory, 'package.json');
    writeFileSync(join(root, directory, 'package.json'), '{"name":"@tensorflow/tfjs-node","version":"4.22.0"}');
    const main = file(directory, 'deps', 'lib', 'libtensorflow.so.2');
    expect(find({}).files?.paths).toEqual([main]);
  });

  it('skips a tfjs-node whose library was never downloaded, and reports it', () => {
    wheel('.venv', '2.21.0');
    file('package.json');
    file('node_modules', '@tensorflow', 'tfjs-node', 'package.json');
    writeFileSync(join(root, 'node_modules', '@tensorflow', 'tfjs-node', 'package.json'), '{}');
    const { files, attempts } = find({});
    expect(files?.version).toBe('2.21.0');
    expect(attempts.find(({ source }) => source === '@tensorflow/tfjs-node')?.detail).toContain(
      'its library (deps/lib) is missing',
    );
  });

  it('prefers the active virtual environment to a .venv', () => {
    file('package.json');
    wheel('.venv', '2.21.0');
    wheel('active', '2.12.0');
    expect(find({ VIRTUAL_ENV: join(root, 'active') }).files?.version).toBe('2.12.0');
    expect(find({}).files?.version).toBe('2.21.0');
  });

  it('finds a .venv beside a package.json in any parent folder', () => {
    file('package.json');
    wheel('.venv', '2.20.0');
    const inner = join(root, 'packages', 'app');
    file('packages', 'app', 'package.json');
    const { files, attempts } = find({}, inner);
    expect(files?.version).toBe('2.20.0');
    expect(attempts.filter(({ source }) => source === '.venv').map(({ outcome }) => outcome)).toEqual([
      'missing',
      'found',
    ]);
  });

  it('searches the directories of the system loader last', () => {
    const main = file('system', 'libtensorflow.so.2');
    const { files, attempts } = find({ LD_LIBRARY_PATH: join(root, 'system') });
    expect(files?.paths).toEqual([main]);
    expect(attempts.at(-1)).toMatchObject({ source: 'system loader', outcome: 'found' });
  });

  it('accepts a library file of any name: opening it shows whether it is one', () => {
    const odd = file('library');
    expect(find({ MIRRORSCOPE_LIBTENSORFLOW: odd }).files?.paths).toEqual([odd]);
    expect(find({ MIRRORSCOPE_LIBTENSORFLOW: root }).files).toBeUndefined();
  });

  it('continues after a place that cannot be read', () => {
    const main = file('system', 'libtensorflow.so.2');
    file('lib');
    const { files, attempts } = find({
      VIRTUAL_ENV: root,
      LD_LIBRARY_PATH: `${join(root, 'lib')}:${join(root, 'system')}`,
    });
    expect(files?.paths).toEqual([main]);
    expect(attempts.find(({ source }) => source === 'VIRTUAL_ENV')?.detail).toContain('ENOTDIR');
  });

  it('searches in a directory that MIRRORSCOPE_LIBTENSORFLOW names', () => {
    file('lib', 'libtensorflow.so.2.15.0');
    const main = file('lib', 'libtensorflow.so.2');
    expect(libraryAtPath(join(root, 'lib'))?.paths).toEqual([main]);
  });
});
