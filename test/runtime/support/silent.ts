/** The verbosity of training in tests. */
import type { ModelFitDatasetArgs, TensorContainer } from '@tensorflow/tfjs';

type Verbosity = NonNullable<ModelFitDatasetArgs<TensorContainer>['verbose']>;

/** Prints nothing. */
// TensorFlow.js does not export the enum of its option.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
export const SILENT = 0 as Verbosity;
