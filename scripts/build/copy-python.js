/**
 * Part of `npm run build`: copies the Python files that `--verify` runs to dist/, beside the compiled code that starts
 * them.
 */
import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const from = fileURLToPath(new URL('../../src/verify/python', import.meta.url));
const to = fileURLToPath(new URL('../../dist/verify/python', import.meta.url));
cpSync(from, to, { recursive: true, filter: (path) => !path.includes('__pycache__') });
