/**
 * The prefilter skips no file with a finding. The migrations run without it on the fixtures, on a sample of the
 * installed Python packages (on all of them with `npm run test:prefilter`) and on uses in unusual spellings.
 */
import type { LanguageName } from '../../../src/codemods/migration.js';

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readNotebook } from '../../../src/codemods/notebook/source.js';
import { DEFAULT_OPTIONS } from '../../../src/codemods/options.js';
import { kerasImports } from '../../../src/codemods/python/keras-imports/index.js';
import { LEGACY_API_MIGRATIONS } from '../../../src/codemods/python/legacy-apis/migrations.js';
import { legacyApiMigration } from '../../../src/codemods/python/legacy-apis/plan.js';
import { analyzedModule } from '../../../src/codemods/python/multi-gpu-model/find/origin-context.js';
import { planInProject } from '../../../src/codemods/python/multi-gpu-model/index.js';
import { ProjectPlans } from '../../../src/codemods/python/multi-gpu-model/uses/project-plans.js';
import { PythonProjects } from '../../../src/codemods/python/project/python-projects.js';
import { loadPythonParser } from '../../../src/codemods/python/syntax/parser.js';
import { PythonSource } from '../../../src/codemods/python/syntax/source.js';
import { type LanguageEntry, LANGUAGES } from '../../../src/codemods/registry.js';
import { createParseFilter } from '../../../src/scan/parse-filter.js';
import { createSourceFiles } from '../../../src/scan/source-files.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ALL = process.env.MIRRORSCOPE_FULL_PREFILTER === '1';
const SAMPLED_EVERY = 60;

const parser = await loadPythonParser();
const projects = new PythonProjects(parser, analyzedModule);
const files = createSourceFiles();
const python = languageNamed('python');
const notebook = languageNamed('notebook');
const planOf = planInProject(projects);
const withoutHints = LEGACY_API_MIGRATIONS.map(({ info: { hint: _, ...info }, entries }) =>
  legacyApiMigration({ info, entries }, planOf),
);

function languageNamed(name: LanguageName): LanguageEntry {
  const found = LANGUAGES.find(({ language }) => language === name);
  if (found === undefined) throw new Error(`There is no language ${name}.`);
  return found;
}

function pythonOf(file: string, text: string): PythonSource | undefined {
  if (file.endsWith('.py')) return parser.parse(file, text);
  try {
    return readNotebook(
      file,
      text,
      (code, boundaries) => new PythonSource(file, code, () => parser.parse(file, code).root, boundaries),
    ).python;
  } catch {
    return undefined;
  }
}

/** The findings of the migrations in a text, without the prefilter. */
function foundIn(file: string, text: string, root: string): string[] {
  const source = pythonOf(file, text.replace(/^\uFEFF/, ''));
  if (source === undefined) return [];
  const context = { ...DEFAULT_OPTIONS, absolutePath: file, root, files, acrossFiles: false };
  const plans = [...withoutHints, kerasImports(projects, planOf)].map((migration) => migration.plan(source, context));
  plans.push(new ProjectPlans(projects.alone(context), context.strategy).plan(analyzedModule(source)));
  return plans
    .flatMap(({ changes, findings }) => [...changes.flatMap((change) => change.findings), ...findings])
    .map(({ api }) => api);
}

function isLookedAt(file: string, content: Buffer, root: string): boolean {
  return createParseFilter(file.endsWith('.py') ? python : notebook, root)(file, content);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(py|ipynb)$/.test(name))
    .sort()
    .map((name) => path.join(folder, name));
}

function passedOver(files: readonly string[], root: string): string[] {
  return files.filter((file) => {
    const content = readFileSync(file);
    return !isLookedAt(file, content, root) && foundIn(file, content.toString('utf8'), root).length > 0;
  });
}

describe('the prefilter', () => {
  it('skips no fixture with a finding', { timeout: 120_000 }, () => {
    const files = filesBelow(path.join(ROOT, 'fixtures'));
    expect(files.length).toBeGreaterThan(300);
    expect(passedOver(files, path.join(ROOT, 'fixtures'))).toEqual([]);
  });

  const library = path.join(ROOT, '.venv/lib');
  const installed = existsSync(library)
    ? readdirSync(library)
        .map((name) => path.join(library, name, 'site-packages'))
        .find((folder) => existsSync(folder))
    : undefined;
  it.skipIf(installed === undefined)('skips no installed file with a finding', { timeout: 3_600_000 }, () => {
    const folder = installed ?? '';
    const files = filesBelow(folder).filter((_, index) => ALL || index % SAMPLED_EVERY === 0);
    expect(files.length).toBeGreaterThan(50);
    expect(passedOver(files, folder)).toEqual([]);
  });
});

/** What can be between two tokens inside brackets. */
const gap = fc.constantFrom('', ' ', '\t', '\n  ', ' \\\n ', ' # lr = 1, not keras\n ', '\r\n', '\f');
/** What can be between two tokens of a line. */
const inLine = fc.constantFrom('', ' ', '\t', ' \\\n  ', '\\\r\n');

const prefix = fc.constantFrom(
  '',
  '"""A docstring of keras."""\n',
  "r'''\\'''\n",
  "# don't\n",
  'text = f"{1 + 1}" "it\'s"\n',
  '\uFEFF',
  "b = b'\\xff' + b''\n",
  "x = 'é' u'模型'\n",
  'try:\n    pass\nfinally:\n    pass\n',
  'print "of Python 2"\n',
  "bad = 'never closed\n",
);

/** An import, and the name of `Adam` after it. */
const optimizer = fc.constantFrom(
  ['from keras.optimizers import Adam', 'Adam'],
  ['from keras.optimizers import (\n    SGD as S,  # keras\n    Adam as A)', 'A'],
  ['from keras import optimizers', 'optimizers.Adam'],
  ['from keras import optimizers as o', 'o.Adam'],
  ['from keras import (  # all :)\n    backend as K, optimizers as o)', 'o.Adam'],
  ['from keras import backend, \\\n  optimizers', 'optimizers.Adam'],
  ['import keras', 'keras.optimizers.Adam'],
  ['import keras as k', 'k.optimizers.Adam'],
  ['import keras.optimizers as ko', 'ko.Adam'],
  ['import tensorflow as tf', 'tf.keras.optimizers.Adam'],
  ['from tensorflow import keras', 'keras . optimizers . Adam'],
  ['from tensorflow import keras as K', 'K.optimizers.Adam'],
  ['from tensorflow.keras import \\\n  optimizers', 'optimizers.Adam'],
  ['import os; from tensorflow.keras.optimizers import Adam', 'Adam'],
  ['try: from keras.optimizers import Adam\nexcept ImportError: raise', 'Adam'],
);

const strategy = fc.constantFrom(
  ['import tensorflow as tf', 'tf.distribute.experimental.TPUStrategy'],
  ['import tensorflow as tf', 'tf.compat.v1.distribute.experimental.TPUStrategy'],
  ['from tensorflow import distribute as d', 'd.experimental.MultiWorkerMirroredStrategy'],
  ['from tensorflow.distribute import experimental', 'experimental.TPUStrategy'],
  ['from tensorflow.distribute import experimental as e', 'e.ParameterServerStrategy'],
  ['from tensorflow.distribute import MirroredStrategy, experimental', 'experimental.TPUStrategy'],
  ['from tensorflow.distribute import(MirroredStrategy, # :)\n  experimental)', 'experimental.TPUStrategy'],
  ['import tensorflow.distribute.experimental as e', 'e.TPUStrategy'],
  ['from tensorflow.distribute.experimental import TPUStrategy as T', 'T'],
  ['import tensorflow.contrib as c', 'c.distribute.MirroredStrategy'],
  ['from tensorflow.contrib import distribute', 'distribute.CollectiveAllReduceStrategy'],
);

const member = fc.constantFrom(
  'strategy.unwrap',
  'self.my_Strategy.unwrap',
  'anything.experimental_run_v2',
  's.make_dataset_iterator',
  'model.fit_generator',
  'x[0].predict_generator',
  'f().evaluate_generator',
);

const use = fc.oneof(
  fc
    .tuple(optimizer, gap, gap, gap)
    .map(([[line, callee], a, b, c]) => `${line}\no = ${callee}(0.1,${a}lr${b}=${c}0.1)\n`),
  fc.tuple(optimizer, gap, gap).map(([[line, callee], a, b]) => `${line}\no = ${callee}(${a}lr${b}=1)\n`),
  fc
    .tuple(optimizer, inLine, inLine)
    .map(([[line, callee], a, b]) => `${line}\no = ${callee}()\nprint(o${a}.${b}lr)\n`),
  fc.tuple(strategy, gap).map(([[line, callee], a]) => `${line}\ns = ${callee}(${a})\n`),
  fc.tuple(member, gap).map(([callee, a]) => `from tensorflow import keras\n${callee}(${a}g)\n`),
  fc
    .tuple(member, inLine, inLine)
    .map(
      ([callee, a, b]) =>
        `import tensorflow.keras as k\n${callee.replace(/\.(\w+)$/, (_, name: string) => `${a}.${b}${name}`)}(g)\n`,
    ),
  fc.constantFrom(
    'from keras import backend as K\nK.set_value(model.optimizer.lr, 1)\n',
    'import tensorflow as tf\ntf.keras.backend.get_value(self.optimizer.lr)\n',
  ),
  fc.constantFrom(
    'from keras.utils import multi_gpu_model as wrap\nm = wrap(m, 2)\n',
    'from tensorflow.keras.utils import *\nx = multi_gpu_model(y)\n',
  ),
);

describe('uses in unusual spellings', () => {
  it('are found in Python', () => {
    let found = 0;
    fc.assert(
      fc.property(prefix, use, fc.boolean(), (before, code, windows) => {
        const text = windows ? (before + code).replaceAll(/\r?\n/g, '\r\n') : before + code;
        if (foundIn('/none/a.py', text, '/none').length === 0) return;
        found++;
        expect(isLookedAt('/none/a.py', Buffer.from(text), '/none')).toBe(true);
      }),
      { numRuns: ALL ? 20_000 : 1_000 },
    );
    expect(found).toBeGreaterThan(ALL ? 10_000 : 500);
  });

  it('are found in notebooks, with every JSON escape for letters and line breaks', () => {
    let found = 0;
    fc.assert(
      fc.property(prefix, use, fc.nat(), fc.constantFrom(0, 1, 7), (before, code, seed, every) => {
        // A cell ends where its JSON string does.
        const source = `"${[
          ...JSON.stringify(`${before.replace('\uFEFF', '')}${code}`)
            .slice(1, -1)
            .matchAll(/\\.|[^\\]/gsu),
        ]
          .map(([unit], index) =>
            every > 0 && /^\w$/.test(unit) && (index + seed) % every === 0
              ? `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
              : unit,
          )
          .join('')}"`;
        const text = `{"cells":[{"cell_type":"code","source":${source}}],"nbformat":4,"nbformat_minor":5,"metadata":{}}`;
        if (foundIn('/none/a.ipynb', text, '/none').length === 0) return;
        found++;
        expect(isLookedAt('/none/a.ipynb', Buffer.from(text), '/none')).toBe(true);
      }),
      { numRuns: ALL ? 20_000 : 500 },
    );
    expect(found).toBeGreaterThan(ALL ? 10_000 : 250);
  });
});
