/** The verbosity of training in tests. */
import type { ModelFitDatasetArgs, TensorContainer } from '@tensorflow/tfjs';

type Verbosity = NonNullable<ModelFitDatasetArgs<TensorContainer>['verbose']>;

/** Prints nothing. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- TensorFlow.js does not export the enum of its option.
export const SILENT = 0 as Verbosity;
