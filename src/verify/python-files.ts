/** Where the Python files that the verification runs lie: beside this module, in source and in the build. */
import { fileURLToPath } from 'node:url';

/** The folder that Python runs with a job file as its argument. */
export const SHIM_FOLDER = fileURLToPath(new URL('./python/mirrorscope_verify', import.meta.url));

/** The script that compiles many files. */
export const COMPILE_SCRIPT = fileURLToPath(new URL('./python/mirrorscope_verify/compile_files.py', import.meta.url));
