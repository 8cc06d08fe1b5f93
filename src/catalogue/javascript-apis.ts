/** Every legacy JavaScript API that the catalogue knows. Data only. */
import type { JavaScriptEntry, Topic } from './catalogue-entry.js';

import { BUNDLES_AND_DEEP_IMPORTS } from './bundles-and-deep-imports.js';
import { DATASETS } from './datasets.js';
import { DEEPLEARN } from './deeplearn.js';
import { ENVIRONMENT } from './environment.js';
import { IO } from './io.js';
import { KERAS_JS } from './keras-js.js';
import { LAYERS_AND_LOSSES } from './layers-and-losses.js';
import { MODELS_AND_LOADING } from './models-and-loading.js';
import { NETWORK_OPERATIONS } from './network-operations.js';
import { NODE } from './node.js';
import { STRICT_OPERATIONS } from './strict-operations.js';
import { TENSOR_OPERATIONS } from './tensor-operations.js';
import { TYPES } from './types.js';

export const JAVASCRIPT_TOPICS: readonly Topic<JavaScriptEntry>[] = [
  { title: 'Models and loading', entries: MODELS_AND_LOADING },
  { title: 'Tensor operations', entries: TENSOR_OPERATIONS },
  { title: 'Normalization, convolution and pooling', entries: NETWORK_OPERATIONS },
  { title: 'Operations with strict shapes', entries: STRICT_OPERATIONS },
  { title: 'Layers and losses', entries: LAYERS_AND_LOSSES },
  { title: 'Datasets', entries: DATASETS },
  { title: 'Environment and backends', entries: ENVIRONMENT },
  { title: 'Input and output', entries: IO },
  { title: 'Types', entries: TYPES },
  { title: 'Node', entries: NODE },
  { title: 'Bundles and deep imports', entries: BUNDLES_AND_DEEP_IMPORTS },
  { title: 'deeplearn', entries: DEEPLEARN },
  { title: 'keras-js and others', entries: KERAS_JS },
];

export const JAVASCRIPT_APIS: readonly JavaScriptEntry[] = JAVASCRIPT_TOPICS.flatMap(({ entries }) => entries);
