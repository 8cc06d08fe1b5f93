/** Every legacy Python API that the catalogue knows. Data only. */
import type { PythonEntry, Topic } from './catalogue-entry.js';

import { PYTHON_DISTRIBUTION } from './python-distribution.js';
import { PYTHON_KERAS } from './python-keras.js';

export const PYTHON_TOPICS: readonly Topic<PythonEntry>[] = [
  { title: 'Distribution (Python)', entries: PYTHON_DISTRIBUTION },
  { title: 'Keras (Python)', entries: PYTHON_KERAS },
];

export const PYTHON_APIS: readonly PythonEntry[] = PYTHON_TOPICS.flatMap(({ entries }) => entries);
