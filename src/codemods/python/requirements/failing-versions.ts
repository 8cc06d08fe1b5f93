/** Finds strategies that fail with the versions that a project requires. Pure. */
import type { Requirement } from './read-requirements.js';

import {
  FAILING_STRATEGY_VERSIONS,
  type FailingVersions,
  FIRST_TENSORFLOW_WITH_KERAS_3,
  type WrittenApi,
} from '../../../catalogue/strategy-versions-table.js';

import {
  ANY_VERSION,
  areApart,
  lowestIsIn,
  newestIsIn,
  parseRange,
  versionOf,
  type VersionRange,
} from './version-range.js';

/** A strategy that fails with a required version. */
interface FailingPair {
  readonly entry: FailingVersions;
  readonly requirement: Requirement;
}

/**
 * The warning about an API that the migration writes; undefined when it works. Of a range, two versions count: the
 * newest one, which gets installed, and the lower bound, which the project promises to support.
 */
export function versionWarning(api: WrittenApi, requirements: readonly Requirement[]): string | undefined {
  for (const entry of FAILING_STRATEGY_VERSIONS) {
    if (entry.api !== api) continue;
    const pair = entry.package === 'keras' ? kerasPair(entry, requirements) : ownPair(entry, requirements);
    if (pair !== undefined) return warningText(pair);
  }
  return undefined;
}

function ownPair(entry: FailingVersions, requirements: readonly Requirement[]): FailingPair | undefined {
  const failing = rangeOf(entry);
  const own = requirements.filter((requirement) => requirement.package === entry.package);
  // Another manifest of the project may narrow the range.
  if (own.some(({ range }) => range.high !== undefined && areApart(range, failing))) return undefined;
  if (own.some(({ range }) => range.low !== undefined && areApart(range, failing))) return undefined;
  const requirement = own.find(({ range }) => newestIsIn(range, failing) || lowestIsIn(range, failing));
  return requirement === undefined ? undefined : { entry, requirement };
}

function kerasPair(entry: FailingVersions, requirements: readonly Requirement[]): FailingPair | undefined {
  // A project that requires legacy Keras uses it.
  if (requirements.some((requirement) => requirement.package === 'tf-keras')) return undefined;
  const tensorflow = requirements.filter((requirement) => requirement.package === 'tensorflow');
  if (tensorflow.some(({ range }) => areApart(range, parseRange(`>=${FIRST_TENSORFLOW_WITH_KERAS_3}`))))
    return undefined;
  if (requirements.some((requirement) => requirement.package === 'keras')) return ownPair(entry, requirements);
  // TensorFlow itself requires some version of Keras or later, so the newest one gets installed.
  const requirement = newestIsIn(ANY_VERSION, rangeOf(entry)) ? tensorflow[0] : undefined;
  return requirement === undefined ? undefined : { entry, requirement };
}

function rangeOf({ from, below }: FailingVersions): VersionRange {
  return { low: versionOf(from), high: below === null ? undefined : versionOf(below) };
}

function warningText({ entry, requirement }: FailingPair): string {
  const { low } = requirement.range;
  const verb = newestIsIn(requirement.range, rangeOf(entry)) ? 'requires' : 'allows';
  const shown =
    verb === 'requires' ? requirement.text : `${entry.package} ${(low ?? []).join('.')} (${requirement.text})`;
  return `${requirement.file} ${verb} ${shown}: with ${versionsText(entry)} ${entry.fails}; ${entry.remedy}.`;
}

function versionsText({ package: name, from, below }: FailingVersions): string {
  const title = name === 'keras' ? 'Keras' : 'TensorFlow';
  if (below === null) return `${title} ${from} and later`;
  return from === '0' ? `${title} before ${below}` : `${title} ${from} up to, not including, ${below}`;
}
