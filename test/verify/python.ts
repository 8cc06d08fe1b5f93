/** The Python with TensorFlow that tests use: `MIRRORSCOPE_PYTHON`, or `.venv` beside package.json. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

const candidate = process.env['MIRRORSCOPE_PYTHON'] ?? `${REPOSITORY}.venv/bin/python`;

/** `undefined` if there is none; the report then shows that the tests that need it are skipped. */
export const PYTHON = existsSync(candidate) ? candidate : undefined;

/** Whether that Python can import a package. */
export function hasPackage(name: string): boolean {
  if (PYTHON === undefined) return false;
  const find = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${name}") is None)`;
  try {
    execFileSync(PYTHON, ['-c', find], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
