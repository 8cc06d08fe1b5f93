/** Files inside the packages that people import by path. Data only. */
import type { ExportName, JavaScriptEntry } from './catalogue-entry.js';

import { CORE_OPERATION_MODULES } from './deep-import-exports-table.js';
import { NAMES_OF_DEEP_IMPORTS } from './deep-import-names-table.js';
import { BACKEND_MODULES } from './module-groups.js';

const CORE_OPERATIONS_FACTS = {
  versionsOf: '@tensorflow/tfjs-core',
  since: '0.x',
  deprecatedIn: null,
  removedIn: '1.7.4..3.0.0',
  replacement: 'the same name from @tensorflow/tfjs-core',
  note: '134 of the modules of 1.7.4 are gone in 4.22.0, 19 of 591 of 2.8.6, none of 3.21.0. Which exports are the same function at the root was found by comparing 1.7.4 with itself, and 4.22.0 has them still.',
  source: 'file lists of the packages compared',
} as const;

/** The names of deep imports that a condition selects, each with its message. */
function namesOfDeepImports(isWanted: (name: ExportName) => boolean): readonly ExportName[] {
  return [...NAMES_OF_DEEP_IMPORTS]
    .flatMap(([file, words]) =>
      words
        .trim()
        .split(/\s+/)
        .map((word) => deepImportName(file, word)),
    )
    .filter(isWanted);
}

function deepImportName(file: string, word: string): ExportName {
  const [name = '', separator = '', next = ''] = word.split(/([=>])/);
  const module = `@tensorflow/tfjs-${file}`;
  const modules = [module, `${module}.js`];
  if (separator === '=')
    return { modules, name, to: next, message: `The type ${name} was renamed to ${next} in tfjs-layers 0.9.2.` };
  const gone = `${module} no longer exports ${name}`;
  if (separator === '') return { modules, name, message: `${gone}, and nothing replaces it.` };
  const [newName = '', newFile = ''] = next.split('@');
  const [packageName = ''] = file.split('/');
  const place = `@tensorflow/tfjs-${packageName}${newFile === '' ? '' : `/dist/${newFile}`}`;
  return { modules, name, message: `${gone}; use ${newName} of ${place}.` };
}

export const BUNDLES_AND_DEEP_IMPORTS: readonly JavaScriptEntry[] = [
  {
    id: '@tensorflow/tfjs-core without a backend',
    kind: 'import',
    match: {
      by: 'export',
      places: [{ modules: ['@tensorflow/tfjs-core'], path: ['setBackend'] }],
      call: { firstArgumentIs: ['webgl', 'cpu'], withoutImportOf: BACKEND_MODULES },
    },
    fixClass: 'report',
    silent: true,
    message: 'tfjs-core has contained no backend since 2.0: also import @tensorflow/tfjs-backend-webgl or -cpu.',
    versionsOf: '@tensorflow/tfjs-core',
    since: '0.6.0',
    deprecatedIn: null,
    removedIn: '2.0.0',
    replacement: "import '@tensorflow/tfjs-backend-webgl' or '@tensorflow/tfjs-backend-cpu' as well",
    note: 'It compiles and fails at run time ("No backend found"). @tensorflow/tfjs still brings them. Reported only if a file sets such a backend and loads none. A file that merely uses core relies on another file to load one.',
    source: 'index.ts of tfjs-core 1.7.4 and 2.0.0',
  },
  ...[...CORE_OPERATION_MODULES].map(([module, exports]): JavaScriptEntry => ({
    ...CORE_OPERATIONS_FACTS,
    id: `@tensorflow/tfjs-core/dist/${module}`,
    kind: 'import',
    match: {
      by: 'module',
      specifiers: [`@tensorflow/tfjs-core/dist/${module}`, `@tensorflow/tfjs-core/dist/${module}.js`],
    },
    fixClass: 'conditional',
    fix: { kind: 'replace-module', to: '@tensorflow/tfjs-core', exports },
    condition: 'every name that is imported is the same function at the root of the package',
    message: `@tensorflow/tfjs-core/dist/${module} was removed in 3.0; import from the root of the package.`,
  })),
  {
    id: '@tensorflow/tfjs-converter/dist/src/**',
    kind: 'import',
    match: { by: 'module', specifiers: ['@tensorflow/tfjs-converter/dist/src/**'] },
    fixClass: 'conditional',
    fix: {
      kind: 'replace-module',
      to: '@tensorflow/tfjs-converter',
      exports: ['GraphModel', 'loadGraphModel', 'version_converter'],
    },
    condition: 'every name that is imported is exported by the root of the package',
    message: 'The folder dist/src of tfjs-converter was removed in 1.7; import from the root of the package.',
    versionsOf: '@tensorflow/tfjs-converter',
    since: '0.5.0',
    deprecatedIn: null,
    removedIn: '1.0.4..1.7.0',
    replacement: '@tensorflow/tfjs-converter (root) or dist/**',
    note: '49 of the 51 modules of 1.0.4 are gone, among them dist/src/executor/frozen_model.',
    source: 'file lists of the packages compared',
  },
  {
    id: 'tfjs-layers/dist/**, tfjs-data/dist/**',
    kind: 'import',
    match: { by: 'none' },
    fixClass: 'not-reported',
    message: 'Imports by path from tfjs-layers and tfjs-data still resolve.',
    versionsOf: '@tensorflow/tfjs-layers',
    since: '0.x',
    deprecatedIn: null,
    removedIn: null,
    replacement: null,
    note: 'Stable: only the *.esm bundles disappeared. Not an API of the package, but not removed either.',
    source: 'file lists of the packages compared',
  },
  {
    id: '@tensorflow/tfjs/dist/tf.esm.js',
    kind: 'import',
    match: { by: 'module', specifiers: ['@tensorflow/tfjs/dist/tf.esm', '@tensorflow/tfjs/dist/tf.esm.js'] },
    fixClass: 'fix',
    fix: { kind: 'replace-module', to: '@tensorflow/tfjs/dist/tf.fesm.js' },
    message: 'The bundle dist/tf.esm.js was renamed to dist/tf.fesm.js in 2.x.',
    versionsOf: '@tensorflow/tfjs',
    since: '0.11.0',
    deprecatedIn: null,
    removedIn: '1.7.4..2.8.6',
    replacement: '@tensorflow/tfjs/dist/tf.fesm.js',
    note: 'All of tfjs in one ES module.',
    source: 'file-list 1.7.4 vs 4.22.0',
  },
  ...(['core', 'layers', 'converter', 'data'] as const).map((part): JavaScriptEntry => ({
    id: `@tensorflow/tfjs-${part}/dist/tf-${part}.esm.js`,
    kind: 'import',
    match: {
      by: 'module',
      specifiers: [`@tensorflow/tfjs-${part}/dist/tf-${part}.esm`, `@tensorflow/tfjs-${part}/dist/tf-${part}.esm.js`],
    },
    fixClass: 'fix',
    fix: { kind: 'replace-module', to: `@tensorflow/tfjs-${part}` },
    message: `The bundle dist/tf-${part}.esm.js was removed in 2.x; import from the root of the package.`,
    versionsOf: '@tensorflow/tfjs',
    since: '0.11.0',
    deprecatedIn: null,
    removedIn: '1.7.4..2.8.6',
    replacement: `@tensorflow/tfjs-${part}`,
    note: 'The same exports.',
    source: 'file-list 1.7.4 vs 4.22.0',
  })),
  {
    id: 'ES module bundle by URL',
    kind: 'import',
    match: {
      by: 'module',
      specifiers: [
        'https://**/tf.esm.js',
        'https://**/tf-core.esm.js',
        'https://**/tf-layers.esm.js',
        'https://**/tf-converter.esm.js',
        'https://**/tf-data.esm.js',
      ],
    },
    fixClass: 'report',
    message: 'This bundle was removed in 2.x: it works only as long as the URL names an older version.',
    versionsOf: '@tensorflow/tfjs',
    since: '0.11.0',
    deprecatedIn: null,
    removedIn: '1.7.4..2.8.6',
    replacement: 'dist/tf.fesm.js (union), package root elsewhere',
    note: 'dist/tf.fesm.js for all of tfjs.',
    source: 'file-list 1.7.4 vs 4.22.0',
  },
  {
    id: 'dist-es6',
    kind: 'import',
    match: {
      by: 'module',
      specifiers: ['@tensorflow/tfjs-core/dist-es6/**', '@tensorflow/tfjs-converter/dist-es6/**'],
    },
    fixClass: 'report',
    message: 'The folder dist-es6 was removed in 0.12; import from the root of the package.',
    versionsOf: '@tensorflow/tfjs-core',
    since: '0.11.0',
    deprecatedIn: null,
    removedIn: '0.12.0',
    replacement: 'package root',
    note: 'The exports of the module may not be those of the root.',
    source: 'file lists of the packages compared; tfjs-layers df3f026 (#233)',
  },
  {
    id: 'configuration types inside tfjs-layers',
    kind: 'type',
    match: { by: 'export', places: [], names: namesOfDeepImports(({ to }) => to !== undefined) },
    fixClass: 'fix',
    fix: { kind: 'rename', to: ['*Args'] },
    message: 'The configuration types end in Args since tfjs-layers 0.9.2.',
    versionsOf: '@tensorflow/tfjs-layers',
    since: '0.x',
    deprecatedIn: null,
    removedIn: '0.9.2',
    replacement: '*Args',
    note: 'DenseLayerConfig, LayerConfig and so on, which only a deep import reaches.',
    source: 'tfjs-layers aeaa027 (#404); type declarations of 0.6.7, 0.9.0, 1.0.0, 1.7.4 and 4.22.0 compared',
  },
  {
    id: 'names gone from files inside the packages',
    kind: 'import',
    match: { by: 'export', places: [], names: namesOfDeepImports(({ to }) => to === undefined) },
    fixClass: 'report',
    message: 'The file still exists, but it no longer exports this name.',
    versionsOf: '@tensorflow/tfjs',
    since: '0.x',
    deprecatedIn: null,
    removedIn: '0.6.1..4.22.0',
    replacement: 'the place that the message names, or none',
    note: 'ContainerConfig of tfjs-layers/dist/engine/topology, DType of tfjs-core/dist/types and so on.',
    source: 'type declarations of releases from 0.6 to 1.7 and of 4.22.0 compared',
  },
  {
    id: 'script from a CDN',
    kind: 'import',
    match: { by: 'none' },
    fixClass: 'not-reported',
    message: 'A script element in HTML that loads tfjs before 1.0.',
    versionsOf: '@tensorflow/tfjs',
    since: '0.6.1',
    deprecatedIn: null,
    removedIn: null,
    replacement: 'a version of 1.0 or later, after the code is migrated',
    note: 'The code uses a global tf without an import, which cannot be told from a tf of the program’s own.',
    source: 'seen in a sample of public code',
  },
];
