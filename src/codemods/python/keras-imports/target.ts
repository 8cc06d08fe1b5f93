/** Which Keras a project's code shall import: told, or read off what the project declares. Pure. */
import type { KerasTarget } from '../../options.js';

import { type Manifest, readRequirements } from '../requirements/read-requirements.js';

/** What a project's manifests declare: Keras 3 when a version of it is asked for, else TensorFlow's Keras. */
export function declaredTarget(manifests: readonly Manifest[]): Exclude<KerasTarget, 'auto'> {
  const asksForKeras3 = readRequirements(manifests).some(
    ({ package: name, range }) => name === 'keras' && (range.low?.[0] ?? 0) >= 3,
  );
  return asksForKeras3 ? 'keras3' : 'tf-keras';
}
