import eslintPlugin from 'eslint-plugin-eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { ignores: ['dist/', 'fixtures/', '.venv/', 'coverage/', 'node_modules/'] },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.js', 'scripts/**/*.js'],
    extends: [...tseslint.configs.recommended],
    rules: {
      'max-lines': ['error', { max: 350, skipBlankLines: false, skipComments: false }],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'exit', message: 'Only src/cli/bin.ts may end the process.' },
      ],
    },
  },
  {
    // `import { type X } from 'm'` still loads m when it runs; only `import type` does not. Starting must stay cheap.
    files: ['src/**/*.ts'],
    rules: { '@typescript-eslint/no-import-type-side-effects': 'error' },
  },
  // Tools that want a default export.
  { files: ['scripts/demo/eslint.config.js', 'src/codemods/jscodeshift.ts'], rules: { 'no-restricted-exports': 'off' } },
  { files: ['src/cli/bin.ts'], rules: { 'no-restricted-properties': 'off' } },
  // Data tables may be as long as the data.
  { files: ['src/catalogue/**/*.ts', 'src/**/*-table.ts'], rules: { 'max-lines': 'off' } },
  { files: ['src/rules/**/*.ts'], extends: [eslintPlugin.configs.all] },
);
