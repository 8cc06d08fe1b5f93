/** Checks whether a TensorFlow library is installed, without loading it. Reads files. */
import type { EngineProbe } from '../engine.js';

import { session } from '../../backend/install.js';

export function probeTensorFlow(): EngineProbe {
  const { files } = session.located;
  if (files === undefined)
    return { available: false, reason: 'No TensorFlow library was found; see the list of places.' };
  const name = files.version === undefined ? 'TensorFlow' : `TensorFlow ${files.version}`;
  return { available: true, reason: `${name} was found at ${files.origin}.` };
}
