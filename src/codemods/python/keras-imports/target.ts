/** Decides which Keras the code of a project imports, from its manifests. Pure. */
import type { KerasTarget } from '../../options.js';

import { type Manifest, readRequirements } from '../requirements/read-requirements.js';

/** Keras 3 when a manifest requires a version of it, and TensorFlow's Keras otherwise. */
export function declaredTarget(manifests: readonly Manifest[]): Exclude<KerasTarget, 'auto'> {
  const requiresKeras3 = readRequirements(manifests).some(
    ({ package: name, range }) => name === 'keras' && (range.low?.[0] ?? 0) >= 3,
  );
  return requiresKeras3 ? 'keras3' : 'tf-keras';
}
