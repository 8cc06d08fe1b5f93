import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

import { migrateText } from '../../../src/codemods/engine.js';
import plugin from '../../../src/rules/index.js';

const WRAP = 'm = multi_gpu_model(f(), 2)\n';
const PYTHON = `from keras.utils import multi_gpu_model\ndef g(f):\n    return multi_gpu_model(f(), 2)\n`;

/** What is found, as `line api` or `line reason`. */
async function findings(name: string, text: string, only?: string[]): Promise<string[]> {
  const result = await migrateText(name, text, only === undefined ? {} : { only });
  expect(result.error).toBeUndefined();
  return result.findings.map(({ start, reason, api, disposition }) => `${start.line} ${reason ?? api} ${disposition}`);
}

describe('a comment in Python', () => {
  it('leaves out the refusal that it names, in its line or in the next line of code', async () => {
    const [refused = ''] = (await findings('a.py', PYTHON)).filter((text) => text.endsWith('refuse'));
    const reason = refused.split(' ')[1] ?? '';
    expect(reason).not.toBe('');
    const atEnd = PYTHON.replace(/\n$/, `  # mirrorscope: ignore[${reason}] it is built by a plugin\n`);
    expect((await findings('a.py', atEnd)).filter((text) => /refuse|ignore/.test(text))).toEqual([]);
    const above = PYTHON.replace(
      '    return',
      `    # mirrorscope: ignore[other, ${reason}] why\n    # more words\n\n    return`,
    );
    expect((await findings('a.py', above)).filter((text) => /refuse|ignore/.test(text))).toEqual([]);
  });

  it('is reported if it leaves nothing out, also in a file without anything else, but not in a run of some migrations', async () => {
    const text = `x = 1  # mirrorscope: ignore[model-not-in-view] gone\n`;
    expect(await findings('a.py', text)).toEqual(['1 mirrorscope-ignore report']);
    expect(await findings('a.py', text, ['multi-gpu-model'])).toEqual([]);
    expect(await findings('a.py', PYTHON.replace('def g', '# mirrorscope: ignore everything\ndef g'))).toContain(
      '2 mirrorscope-ignore report',
    );
    const marked = await migrateText('a.py', text, { mark: true });
    expect(marked.status).toBe('unchanged');
  });

  it('may name an API without its module, and is told what it could name', async () => {
    const commented = (name: string): string => PYTHON.replace(/\n$/, `  # mirrorscope: ignore[${name}]\n`);
    const left = await findings('a.py', commented('multi_gpu_model'));
    expect(left.filter((text) => /refuse|ignore/.test(text))).toEqual([]);
    const { findings: found } = await migrateText('a.py', commented('multi_gpu'));
    const unused = found.find(({ api }) => api === 'mirrorscope-ignore');
    expect(unused?.message).toMatch(
      /no finding for multi_gpu here \(it could name [a-z-]+, keras\.utils\.multi_gpu_model, multi_gpu_model, multi-gpu-model\)/,
    );
  });

  it('keeps code that would be migrated as it is', async () => {
    const text = `from tensorflow.keras.utils import multi_gpu_model\nfrom tensorflow.keras.models import Sequential\nf = Sequential()\n${WRAP.replace('f()', 'f').trimEnd()}  # mirrorscope: ignore[multi-gpu-model] kept for TensorFlow 1\nm.compile('sgd', 'mse')\n`;
    const result = await migrateText('a.py', text);
    expect(result.status).toBe('unchanged');
    expect((await migrateText('a.py', text.replace(/ {2}#.*/, ''))).status).toBe('changed');
  });

  it('keeps what belongs to a wrap that it keeps, which needs no comment of its own', async () => {
    const text = (wrap: string): string =>
      `from keras.utils import multi_gpu_model\nfrom keras.models import Sequential\nf = Sequential()\n${wrap}\nm.compile('sgd', 'mse')\nm.fit_generator(batches)\n`;
    const migratable = 'm = multi_gpu_model(f, 2)';
    const refused = 'm = multi_gpu_model(load(), 2)';
    for (const wrap of [migratable, refused]) {
      const before = await findings('a.py', text(wrap));
      expect(before.filter((each) => each.startsWith('6 '))).toHaveLength(1);
      const found = await migrateText(
        'a.py',
        text(`${wrap}  # mirrorscope: ignore[multi-gpu-model] for the old cluster`),
      );
      expect(found.status).toBe('unchanged');
      expect(found.findings).toEqual([]);
    }
  });

  it('keeps nothing of a wrap that it does not name', async () => {
    const text = `from keras.utils import multi_gpu_model\nm = multi_gpu_model(load(), 2)  # mirrorscope: ignore[multi-gpu-model] old\ndef g():\n    n = multi_gpu_model(load(), 2)\n    n.fit_generator(batches)\n`;
    const found = await findings('a.py', text);
    expect(found.filter((each) => each.startsWith('2 '))).toEqual([]);
    expect(found).toContain('5 blocked-by-another-use refuse');
  });

  it('works in the cells of a notebook, whatever the layout of its JSON', async () => {
    const source = PYTHON.replace('return multi', 'return (multi').replace('2)', '2))');
    const refused = (await findings('a.ipynb', notebook(source, true))).find((text) => text.endsWith('refuse')) ?? '';
    const reason = refused.split(' ')[1] ?? '';
    const kept = source.replace(/\n$/, `  # mirrorscope: ignore[${reason}] why\n`);
    for (const listed of [true, false])
      for (const space of [0, 1])
        expect(
          (await findings('a.ipynb', notebook(kept, listed, space))).filter((text) => /refuse|ignore/.test(text)),
        ).toEqual([]);
  });
});

function notebook(source: string, listed: boolean, space = 1): string {
  const cell = { cell_type: 'code', metadata: {}, outputs: [], source: listed ? source.split(/(?<=\n)/) : source };
  return JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 2 }, undefined, space);
}

const JAVASCRIPT =
  "import * as tf from '@tensorflow/tfjs';\nexport const a = await tf.loadModel('a');\nexport const b = await tf.loadFrozenModel('b', 'c');\n";

describe('a comment in JavaScript', () => {
  it.each([
    ['its own', '// mirrorscope-ignore tf.loadModel kept for version 0.15'],
    ['its own, in a block', '/* mirrorscope-ignore tfjs-legacy */'],
    ['ESLint', '// eslint-disable-next-line mirrorscope/no-deprecated-members -- kept'],
    ['ESLint for several rules', '/* eslint-disable no-undef, mirrorscope/no-deprecated-members */'],
  ])('leaves out what it names, for migrate and for lint: %s', async (_, comment) => {
    const text = JAVASCRIPT.replace('export const a', `${comment}\nexport const a`);
    const left = (await findings('a.js', text)).filter((found) => found.startsWith('3 '));
    expect(left).toEqual([]);
    expect((await migrateText('a.js', text)).output ?? text).toContain('tf.loadModel(');
    const linter = new Linter();
    const messages = linter.verify(text, [plugin.configs.recommended], 'a.js');
    expect(messages.filter(({ line }) => line === 3)).toEqual([]);
  });

  it('ends where ESLint is enabled again', async () => {
    const text = JAVASCRIPT.replace(
      'export const a',
      '/* eslint-disable mirrorscope/no-deprecated-members */\nexport const a',
    ).replace('export const b', '/* eslint-enable mirrorscope/no-deprecated-members */\nexport const b');
    expect((await findings('a.js', text)).map((found) => found.split(' ')[0])).toEqual(['5']);
  });

  it('is reported if it leaves nothing out', async () => {
    const text = JAVASCRIPT.replace('export const b', '// mirrorscope-ignore tf.noSuchThing\nexport const b');
    expect(await findings('a.js', text)).toContain('3 mirrorscope-ignore report');
  });
});
