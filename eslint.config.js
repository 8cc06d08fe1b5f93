import { defineConfig } from 'eslint/config';
import eslintPlugin from 'eslint-plugin-eslint-plugin';
import jsdoc from 'eslint-plugin-jsdoc';
import regexp from 'eslint-plugin-regexp';
import simpleImportSort from 'eslint-plugin-simple-import-sort';
import tseslint from 'typescript-eslint';

/** Type imports first, then Node, packages, folders above, this folder; a blank line between the groups. */
const IMPORT_GROUPS = [['^.*\\u0000$'], ['^\\u0000'], ['^node:'], ['^@?\\w'], ['^\\.\\.'], ['^\\.']];

export default defineConfig(
  { ignores: ['dist/', 'fixtures/', '.venv/', 'coverage/', 'node_modules/'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.js', 'scripts/**/*.js', '*.config.{js,ts}'],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { 'simple-import-sort': simpleImportSort },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      'max-lines': ['error', { max: 350, skipBlankLines: false, skipComments: false }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'simple-import-sort/imports': ['error', { groups: IMPORT_GROUPS }],
      'simple-import-sort/exports': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // Numbers are safe in template strings, and most of our messages count something.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { jsdoc, regexp },
    settings: { jsdoc: { mode: 'typescript' } },
    rules: {
      // Text of users must never take more than linear time.
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Only bin.ts and end-process.ts may end the process.' },
      ],
      // `import { type X } from 'm'` still loads m when it runs; only `import type` does not. Starting must stay cheap.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // A destructured parameter is described as a whole.
      'jsdoc/check-param-names': ['error', { checkDestructured: false }],
      'jsdoc/require-param-description': 'error',
      'jsdoc/require-hyphen-before-param-description': ['error', 'always'],
      'jsdoc/require-throws-type': 'error',
    },
  },
  // TensorFlow.js declares its classes in several packages, and its factories return the classes of another one.
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' } },
  // Tools that want a default export.
  {
    files: ['*.config.{js,ts}', 'scripts/demo/eslint.config.js', 'src/codemods/jscodeshift.ts'],
    rules: { 'no-restricted-exports': 'off' },
  },
  {
    files: ['src/cli/bin.ts', 'src/runtime/layers/backup/end-process.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  // Data tables may be as long as the data.
  { files: ['src/catalogue/**/*.ts', 'src/**/*-table.ts'], rules: { 'max-lines': 'off' } },
  { files: ['src/rules/**/*.ts'], extends: [eslintPlugin.configs.all] },
);
