import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { JAVASCRIPT_APIS } from '../../src/catalogue/javascript-apis.js';
import { type DoctorSection } from '../../src/cli/doctor/section.js';
import { listMigrations } from '../../src/codemods/registry.js';
import { temporaryTree } from '../scan/temporary-tree.js';

import { mirrorscope } from './command.js';
import { parseList } from './json-output.js';

describe('list', () => {
  it('names every migration and every API that a migration rewrites or reports', () => {
    const { code, stdout } = mirrorscope('.', ['list']);
    expect(code).toBe(0);
    for (const { name, description } of listMigrations())
      expect(stdout).toMatch(
        new RegExp(`  ${name} .*${description.slice(0, 20).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`),
      );
    for (const { id, fixClass } of JAVASCRIPT_APIS) {
      if (fixClass !== 'not-reported') expect(stdout).toContain(`\n  ${id}`);
    }
  });

  it('prints the same as JSON', () => {
    const list = parseList(mirrorscope('.', ['list', '--format', 'json']).stdout);
    expect(list.schemaVersion).toBe(1);
    expect(list.migrations.map(({ name }) => name)).toEqual(listMigrations().map(({ name }) => name));
    expect(list.apis.find(({ api }) => api === 'tf.loadModel')).toMatchObject({
      language: 'javascript',
      removedIn: '1.0.0',
      replacement: 'tf.loadLayersModel',
    });
  });
});

describe('doctor', () => {
  it('prints what was found and which engine is used', () => {
    const { code, stdout } = mirrorscope(process.cwd(), ['doctor']);
    expect(code).toBe(0);
    const tfjs = JSON.parse(readFileSync('node_modules/@tensorflow/tfjs/package.json', 'utf8')) as { version: string };
    expect(stdout).toMatch(new RegExp(`✓ Node +${process.version}`));
    expect(stdout).toMatch(new RegExp(`✓ @tensorflow/tfjs +${tfjs.version}`));
    expect(stdout).toMatch(/^Engines\n(?:.*\n)*? {2}✓ \w+ \* /m);
  });

  it('passes without TensorFlow.js, because the codemods do not need it', () => {
    const { code, stdout } = mirrorscope(temporaryTree(), ['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/– @tensorflow\/tfjs +not found in this folder/);
  });

  it('explains how to get TensorFlow without commands that only work in a clone', () => {
    const wrong = mirrorscope(temporaryTree(), ['doctor'], { environment: { MIRRORSCOPE_LIBTENSORFLOW: '/nowhere' } });
    expect(wrong.stdout).toMatch(
      /advice +MIRRORSCOPE_LIBTENSORFLOW is \/nowhere, where there is no TensorFlow library: correct the variable, or unset it/,
    );
    expect(wrong.stdout).toContain('pip install tensorflow');
    expect(wrong.stdout).not.toContain('npm run');
    expect(wrong.stdout).toMatch(/✗ MIRRORSCOPE_LIBTENSORFLOW +\/nowhere/);
    expect(wrong.stdout).not.toContain('mirrorscope doctor');
    expect(wrong.stdout).not.toMatch(/TensorFlow {2}was/);
  });

  it('fails for an unknown engine and for an invalid configuration', () => {
    const unknownEngine = mirrorscope(process.cwd(), ['doctor', '--format', 'json'], {
      environment: { MIRRORSCOPE_ENGINE: 'steam' },
    });
    expect(unknownEngine.code).toBe(1);
    const { sections } = JSON.parse(unknownEngine.stdout) as { readonly sections: readonly DoctorSection[] };
    expect(JSON.stringify(sections.find(({ title }) => title === 'Engines'))).toContain('steam');
    const badConfiguration = mirrorscope(temporaryTree({ 'mirrorscope.config.json': '{' }), ['doctor']);
    expect(badConfiguration.code).toBe(1);
    expect(badConfiguration.stdout).toMatch(/✗ mirrorscope\.config\.json +.*is not valid JSON/);
  });
});
