/** The Python with TensorFlow that tests use: `MIRRORSCOPE_PYTHON`, or `.venv` beside package.json. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

const candidate = process.env['MIRRORSCOPE_PYTHON'] ?? `${REPOSITORY}.venv/bin/python`;

/** `undefined` where there is none: suites that need it are skipped, visibly. */
export const PYTHON = existsSync(candidate) ? candidate : undefined;
