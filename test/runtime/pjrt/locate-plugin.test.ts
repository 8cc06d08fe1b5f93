import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { locatePlugin } from '../../../src/runtime/pjrt/locate-plugin.js';

const PACKAGES = '.venv/lib/python3.12/site-packages';

describe('the search for a PJRT plugin', () => {
  let folder: string;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'mirrorscope-plugin-')));
    writeFileSync(join(folder, 'package.json'), '{}');
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const put = (path: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    return file;
  };
  const search = (environment: Record<string, string> = {}) => locatePlugin({ environment, workingDirectory: folder });

  it('takes the plugin that MIRRORSCOPE_PJRT_PLUGIN names, and no other', () => {
    put(`${PACKAGES}/lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so`);
    const own = put('own.so');
    expect(search({ MIRRORSCOPE_PJRT_PLUGIN: own }).plugin?.path).toBe(own);
    const wrong = search({ MIRRORSCOPE_PJRT_PLUGIN: join(folder, 'missing.so') });
    expect(wrong.plugin).toBeUndefined();
    expect(wrong.attempts.at(-1)).toMatchObject({ outcome: 'missing' });
  });

  it('finds plugins inside packages, those for accelerators first', () => {
    const cpu = put(`${PACKAGES}/lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so`);
    expect(search().plugin?.path).toBe(cpu);
    const cuda = put(`${PACKAGES}/jax_plugins/xla_cuda13/xla_cuda_plugin.so`);
    expect(search().plugin).toMatchObject({ path: cuda, accelerator: 'NVIDIA GPU' });
  });

  it('takes the active environment before others', () => {
    put(`${PACKAGES}/lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so`);
    const active = put('active/lib/python3.11/site-packages/libtpu/libtpu.so');
    expect(search({ VIRTUAL_ENV: join(folder, 'active') }).plugin?.path).toBe(active);
  });

  it.skipIf(process.getuid === undefined)('refuses a plugin that everybody may write', () => {
    const file = put(`${PACKAGES}/lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so`);
    chmodSync(dirname(file), 0o777);
    const { plugin, attempts } = search();
    expect(plugin).toBeUndefined();
    expect(attempts.find(({ outcome }) => outcome === 'refused')?.detail).toContain('everybody may write');
  });

  it('says where it searched when there is none', () => {
    const { plugin, attempts } = search();
    expect(plugin).toBeUndefined();
    expect(attempts.map(({ source }) => source)).toContain('.venv');
  });
});
