/** Which folder may import which. Type imports count, and no circle is allowed. `test/architecture` runs it. */

/** The areas of `src`, and the other areas that each may import. */
const AREAS = {
  errors: [],
  files: ['errors'],
  catalogue: ['errors'],
  codemods: ['catalogue', 'files', 'errors'],
  rules: ['codemods', 'catalogue', 'files', 'errors'],
  scan: ['report', 'codemods', 'catalogue', 'files', 'errors'],
  report: ['codemods', 'catalogue', 'errors'],
  verify: ['codemods', 'catalogue', 'files', 'errors'],
  launch: ['errors'],
  weights: ['files', 'errors'],
  runtime: ['errors'],
  cli: ['verify', 'launch', 'weights', 'report', 'scan', 'codemods', 'catalogue', 'files', 'errors', 'runtime'],
};

/** The layers of `src/runtime`, lowest first: each may import those before it. */
const RUNTIME_LAYERS = [
  ['lru-cache.ts', 'cluster/resolvers/'],
  ['tensorflow/'],
  ['pjrt/'],
  ['cluster/'],
  ['tfjs/'],
  ['backend/'],
  ['trace/'],
  ['distribute/'],
  ['layers/'],
  ['engines/'],
  ['strategies.ts', 'multi-worker-mirrored-strategy.ts'],
  ['current-strategy.ts', 'tf-function.ts', 'profile.ts'],
  ['variable.ts'],
  ['node/'],
  ['index.ts'],
];

const areaNames = Object.keys(AREAS).join('|');

const areaRules = Object.entries(AREAS).map(([area, allowed]) => ({
  name: `area-${area}`,
  comment: `src/${area} imports nothing but ${['itself', ...allowed].join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${area}/` },
  to: { path: '^src/', pathNot: `^src/(${[area, ...allowed].join('|')})/` },
}));

/** Matches the layers of `src/runtime` up to a number. */
const layersUpTo = (/** @type {number} */ count) =>
  `^src/runtime/(${RUNTIME_LAYERS.slice(0, count).flat().join('|').replaceAll('.', '\\.')})`;

const layerRules = RUNTIME_LAYERS.map((paths, index) => ({
  name: `runtime-layer-${index + 1}`,
  comment: `src/runtime/${paths.join(', ')} imports nothing but lower layers: ${RUNTIME_LAYERS.slice(0, index).join(', ')}.`,
  severity: 'error',
  from: { path: paths.map((path) => `^src/runtime/${path.replaceAll('.', '\\.')}`).join('|') },
  to: { path: '^src/runtime/', pathNot: layersUpTo(index + 1) },
}));

export default {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...areaRules,
    ...layerRules,
    {
      name: 'tfjs-knows-no-tensorflow',
      comment: 'TensorFlow.js and the C API of TensorFlow meet in the backend.',
      severity: 'error',
      from: { path: '^src/runtime/tfjs/' },
      to: { path: '^src/runtime/tensorflow/' },
    },
    {
      name: 'every-file-has-an-area',
      comment: 'Only the areas in this file may hold code, and code of the runtime only its layers.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [`^src/(${areaNames.replace('|runtime', '')})/`, layersUpTo(RUNTIME_LAYERS.length)],
      },
      to: {},
    },
    {
      name: 'runtime-loads-no-parser',
      comment: 'import "mirrorscope" stays cheap, and works where no parser is installed.',
      severity: 'error',
      from: { path: '^src/runtime/' },
      to: {
        path: 'node_modules/(typescript|eslint|ts-morph|jscodeshift|magic-string|[^/]*tree-sitter[^/]*|@typescript-eslint/[^/]+)/',
      },
    },
    {
      name: 'codemods-and-rules-load-no-tensorflow',
      comment: 'import "mirrorscope/eslint" stays cheap, and works where no TensorFlow is installed.',
      severity: 'error',
      from: { path: '^src/(rules|codemods|catalogue|scan|report|errors)/' },
      to: { path: 'node_modules/(@tensorflow/[^/]+|koffi)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
