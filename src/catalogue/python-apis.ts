/** Every legacy Python API that the catalogue knows. */
import { type PythonEntry } from './catalogue-entry.js';
import { PYTHON_DISTRIBUTION } from './python-distribution.js';
import { PYTHON_KERAS } from './python-keras.js';

export const PYTHON_APIS: readonly PythonEntry[] = [...PYTHON_DISTRIBUTION, ...PYTHON_KERAS];
