// The configuration that the demo's project is linted with: what a user adds to turn the rules on.
import mirrorscope from 'mirrorscope/eslint';
import tsParser from '@typescript-eslint/parser';

export default [
  { ignores: ['build/'] },
  { files: ['**/*.{js,cjs,ts}'], languageOptions: { parser: tsParser } },
  mirrorscope.configs.recommended,
];
