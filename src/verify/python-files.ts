/** Locates the Python files of the verification: next to this module, in the sources and in the build. Pure. */
import { fileURLToPath } from 'node:url';

/** The folder that Python runs with a job file as its argument. */
export const SHIM_FOLDER = fileURLToPath(new URL('./python/mirrorscope_verify', import.meta.url));

/** The script that compiles many files. */
export const COMPILE_SCRIPT = fileURLToPath(new URL('./python/mirrorscope_verify/compile_files.py', import.meta.url));

/** The script that looks up names in the installed packages. */
export const NAMES_SCRIPT = fileURLToPath(new URL('./python/check_names.py', import.meta.url));
