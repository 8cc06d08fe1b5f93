/** Converts files that Keras wrote, and loads them in Keras again: the predictions must be the same. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { convertWeights } from '../../src/weights/convert-weights.js';
import { defined } from '../support/defined.js';
import { hasPackage, PYTHON } from '../verify/python.js';

const SCRIPT = path.join(import.meta.dirname, 'keras_files.py');

function python(...args: string[]): string {
  return execFileSync(defined(PYTHON), [SCRIPT, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 240_000,
  });
}

/** Weights alone do not show which layers are frozen or belong to a nested model; a reference does. */
function needsReference(name: string, from: string): boolean {
  return (name === 'frozen' || name === 'submodel') && !from.includes('-');
}

function labelled(label: string, answers: Record<string, boolean>): Record<string, boolean> {
  return Object.fromEntries(Object.entries(answers).map(([name, answer]) => [`${name} ${label}`, answer]));
}

/** Keras 2, which continues as tf_keras, writes both kinds of file; Keras 3 writes saved models of the same layout. */
describe.each(['tf_keras', 'keras'])('weights written and loaded by %s', (keras) => {
  describe.skipIf(!hasPackage(keras))(`with ${keras}`, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'mirrorscope-weights-'));
    const written: string[] = [];
    let loaded: Map<string, boolean>;
    const conversions: { from: string; to: string; layout: 'flat' | 'nested'; like?: string }[] = [
      { from: 'nested.h5', to: 'to-flat.h5', layout: 'flat' },
      { from: 'nested.h5', to: 'to-flat-like.h5', layout: 'flat', like: 'flat.h5' },
      { from: 'nested-model.h5', to: 'to-flat-model.h5', layout: 'flat' },
      { from: 'nested-no-optimizer.h5', to: 'to-flat-no-optimizer.h5', layout: 'flat' },
      { from: 'flat.h5', to: 'to-nested.h5', layout: 'nested' },
      { from: 'flat.h5', to: 'to-nested-like.h5', layout: 'nested', like: 'nested.h5' },
      { from: 'flat-model.h5', to: 'to-nested-model.h5', layout: 'nested' },
      { from: 'to-nested-like.h5', to: 'back.h5', layout: 'flat', like: 'flat.h5' },
    ];

    function check(command: string, loader: string): Record<string, boolean> {
      return JSON.parse(python(command, loader, folder).trim().split('\n').at(-1) ?? '') as Record<string, boolean>;
    }

    beforeAll(async () => {
      python('make', keras, folder);
      const cases = new Set(
        readdirSync(folder)
          .filter((name) => name.endsWith('.nested-model.h5'))
          .map((name) => name.replace(/\..*$/, '')),
      );
      for (const name of cases) {
        for (const { from, to, layout, like } of conversions) {
          if (needsReference(name, from) && like === undefined) continue;
          const [input, output] = [path.join(folder, `${name}.${from}`), path.join(folder, `${name}.${to}`)];
          if (!existsSync(input)) continue;
          const before = readFileSync(input);
          await convertWeights({
            input,
            output,
            to: layout,
            ...(like !== undefined && { like: path.join(folder, `${name}.${like}`) }),
          });
          expect(readFileSync(input).equals(before), `${input} is untouched`).toBe(true);
          written.push(`${name}.${to}`);
        }
      }
      const answers =
        keras === 'tf_keras'
          ? { ...check('check', keras), ...labelled('in keras 3', check('check-weights', 'keras')) }
          : check('check', keras);
      loaded = new Map(Object.entries(answers));
    }, 480_000);

    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it('give the same predictions as the old file, in every layout', () => {
      expect([...loaded].filter(([, isSame]) => !isSame)).toEqual([]);
      // Every conversion is loaded at least once; whole models twice more.
      expect(loaded.size).toBeGreaterThanOrEqual(written.length);
      expect(loaded.size).toBeGreaterThanOrEqual(keras === 'tf_keras' ? 40 : 8);
    });

    it('leave no temporary file', () => {
      expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
    });
  });
});
