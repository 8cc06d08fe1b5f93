/** Every legacy JavaScript API that the catalogue knows. */
import { BUNDLES_AND_DEEP_IMPORTS } from './bundles-and-deep-imports.js';
import { type JavaScriptEntry } from './catalogue-entry.js';
import { DATASETS } from './datasets.js';
import { DEEPLEARN } from './deeplearn.js';
import { ENVIRONMENT } from './environment.js';
import { IO } from './io.js';
import { KERAS_JS } from './keras-js.js';
import { LAYERS_AND_LOSSES } from './layers-and-losses.js';
import { MODELS_AND_LOADING } from './models-and-loading.js';
import { NODE } from './node.js';
import { STRICT_OPERATIONS } from './strict-operations.js';
import { TENSOR_OPERATIONS } from './tensor-operations.js';
import { TYPES } from './types.js';

export const JAVASCRIPT_APIS: readonly JavaScriptEntry[] = [
  ...MODELS_AND_LOADING,
  ...TENSOR_OPERATIONS,
  ...STRICT_OPERATIONS,
  ...LAYERS_AND_LOSSES,
  ...DATASETS,
  ...ENVIRONMENT,
  ...IO,
  ...TYPES,
  ...NODE,
  ...BUNDLES_AND_DEEP_IMPORTS,
  ...DEEPLEARN,
  ...KERAS_JS,
];
