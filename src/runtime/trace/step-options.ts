/** The options that the steps of a strategy share. Types only. */
import type { RandomFunctions } from '../tfjs/random-functions.js';
import type { InFlightSteps } from './in-flight-steps.js';
import type { Profiler } from './profiler.js';
import type { RecordingEnvironment } from './record-function.js';
import type { ReduceGroup } from './reduce-group.js';
import type { ReplicaDevice } from './replica-device.js';
import type { UniqueIds } from './unique-ids.js';

/** The options that every step of a strategy shares. */
export interface ReplicatedStepOptions {
  readonly environment: RecordingEnvironment;
  /** The exports of tfjs-core. */
  readonly core: RandomFunctions;
  /** In replica order. */
  readonly replicas: readonly ReplicaDevice[];
  readonly group: ReduceGroup;
  readonly uniqueIds: UniqueIds;
  readonly inFlight: InFlightSteps;
  readonly profiler: Profiler;
  /** For random operations without a seed of their own. */
  readonly seed: number;
}
