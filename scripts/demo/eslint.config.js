// Lints the demo's project, and shows what a user adds to turn the rules on.
import tsParser from '@typescript-eslint/parser';
import mirrorscope from 'mirrorscope/eslint';

export default [
  { ignores: ['build/'] },
  { files: ['**/*.{js,cjs,ts}'], languageOptions: { parser: tsParser } },
  mirrorscope.configs.recommended,
];
