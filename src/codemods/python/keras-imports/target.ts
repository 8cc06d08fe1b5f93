/** Which Keras a project's code shall import: told, or read off what the project declares. Pure. */

import type { KerasTarget } from '../../migration.js';

/** Files in which Python projects declare what they need. */
export const MANIFESTS: readonly string[] = [
  'requirements.txt',
  'requirements-gpu.txt',
  'setup.cfg',
  'setup.py',
  'pyproject.toml',
  'environment.yml',
  'environment.yaml',
  'Pipfile',
];

/** What the texts of a project's manifests declare: Keras 3 when a version of it is asked for, else TensorFlow's Keras. */
export function declaredTarget(manifests: readonly string[]): Exclude<KerasTarget, 'auto'> {
  return manifests.some(declaresKeras3) ? 'keras3' : 'tf-keras';
}

function declaresKeras3(text: string): boolean {
  for (const [, specifier = ''] of text.matchAll(/(?:^|[\s"'[,({-])keras["']?\s*(?:=\s*)?["']?\s*((?:[~=<>!^]=?=?\s*["']?\s*[\d.*]+\s*,?\s*)+)/gim)) {
    for (const [, operator = '', major = ''] of specifier.matchAll(/(===?|~=|>=|>|\^|=)\s*["']?\s*(\d+)/g)) {
      if (operator !== '' && Number(major) >= 3) return true;
    }
  }
  return false;
}
