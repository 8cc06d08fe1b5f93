/**
 * Which packages `npm run build` puts into dist/vendor, and as what. Data only.
 *
 * They are development dependencies. A user installs these files instead of the packages, which also hold command-line
 * compilers, C sources and debug builds that mirrorscope never runs.
 */

/**
 * The name by which the compiled code imports a module, and the file in dist/vendor that replaces it.
 * @typedef {{ readonly specifier: string, readonly file: string }} VendoredModule
 */

/**
 * Loaded with `require` when first needed, so bundled as CommonJS. The parser and the resolver share one compiler.
 * @type {readonly VendoredModule[]}
 */
export const REQUIRED_MODULES = [
  { specifier: '@typescript-eslint/parser', file: 'typescript-eslint-parser.cjs' },
  { specifier: 'typescript', file: 'typescript.cjs' },
  { specifier: 'espree', file: 'espree.cjs' },
  { specifier: 'eslint-scope', file: 'eslint-scope.cjs' },
];

/**
 * Loaded with `import`.
 * @type {readonly VendoredModule[]}
 */
export const IMPORTED_MODULES = [
  { specifier: '@bufbuild/protobuf', file: 'protobuf.js' },
  { specifier: '@bufbuild/protobuf/wkt', file: 'protobuf-well-known-types.js' },
  { specifier: '@typescript-eslint/types', file: 'typescript-eslint-types.js' },
  { specifier: 'diff', file: 'diff.js' },
  { specifier: 'magic-string', file: 'magic-string.js' },
  { specifier: 'web-tree-sitter', file: 'web-tree-sitter.js' },
];

/**
 * Copied as they are: WebAssembly files, and h5wasm, whose string of WebAssembly a bundler writes longer than it was.
 * @type {readonly (VendoredModule & { readonly besides?: readonly string[] })[]}
 */
export const COPIED_FILES = [
  { specifier: 'h5wasm/node', file: 'h5wasm/hdf5_hl.js', besides: ['hdf5_util.js'] },
  { specifier: 'tree-sitter-python/tree-sitter-python.wasm', file: 'tree-sitter-python.wasm' },
  { specifier: 'web-tree-sitter/web-tree-sitter.wasm', file: 'web-tree-sitter.wasm' },
];
