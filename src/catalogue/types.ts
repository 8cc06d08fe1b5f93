/** Names of TypeScript types. Data only; nothing here exists at run time. */
import type { JavaScriptEntry } from './catalogue-entry.js';

import { CORE_MODULES, LAYERS_MODULES } from './module-groups.js';

/** Interfaces of tfjs-layers whose ending Config was renamed to Args. */
const CONFIG_TYPES = [
  'ModelFit',
  'ModelCompile',
  'ModelEvaluate',
  'ModelFitDataset',
  'Sequential',
  'CustomCallback',
  'GRUCellLayer',
  'GRULayer',
  'LSTMCellLayer',
  'LSTMLayer',
  'RNNLayer',
  'SimpleRNNCellLayer',
  'SimpleRNNLayer',
] as const;

export const TYPES: readonly JavaScriptEntry[] = [
  ...CONFIG_TYPES.map((name): JavaScriptEntry => ({
    id: `${name}Config`,
    kind: 'type',
    match: { by: 'export', places: [{ modules: LAYERS_MODULES, path: [`${name}Config`] }] },
    fixClass: 'fix',
    fix: { kind: 'rename', to: [`${name}Args`] },
    message: `The type ${name}Config was renamed to ${name}Args in 0.14.2.`,
    versionsOf: '@tensorflow/tfjs',
    since: '0.6.1',
    deprecatedIn: null,
    removedIn: '0.14.2',
    replacement: `${name}Args`,
    note: 'A type only. In tfjs-layers the versions are 0.9.2 and 0.10.0.',
    source: 'tfjs-layers aeaa027 (#404), 5db9ad8 (#405)',
  })),
  ...(
    [
      ['MetaGraphInfo', 'MetaGraph'],
      ['SignatureDefInfo', 'SignatureDef'],
      ['SavedModelTensorInfo', 'ModelTensorInfo'],
    ] as const
  ).map(([name, replacement]): JavaScriptEntry => ({
    id: name,
    kind: 'type',
    match: { by: 'export', places: [{ modules: CORE_MODULES, path: [name] }] },
    fixClass: 'fix',
    fix: { kind: 'rename', to: [replacement] },
    message: `The type ${name} is deprecated; use ${replacement}.`,
    versionsOf: '@tensorflow/tfjs-core',
    since: '1.3.0',
    deprecatedIn: '1.3.0',
    removedIn: null,
    replacement,
    note: 'A type only; @deprecated in 4.22.',
    source: 'tfjs HEAD model_types.ts',
  })),
];
