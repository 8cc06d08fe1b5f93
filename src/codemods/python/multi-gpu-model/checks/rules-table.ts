/** What has to hold for the life of a model, so that its wraps can become a strategy. The first rule broken is told. */
import type { Rule } from '../../../lifecycle/assess.js';
import type { Refusal } from '../../../refusal.js';
import type { Lifecycle } from '../model/lifecycle.js';

import { checkCompiles, checkCompilesOfAttributes } from './compile-differences.js';
import { checkCompiledInView } from './compiled-in-view.js';
import { checkDeviceScopes } from './device-scopes.js';
import { checkHandedOver } from './handed-over-parts.js';
import { checkNotKept } from './kept-models.js';
import { checkLargerModels } from './larger-models.js';
import { checkOutsideUses } from './layer-uses.js';
import { checkReturnedParts } from './returned-parts.js';
import { checkNotWrappedAgain } from './second-wrap.js';

export const RULES: readonly Rule<Lifecycle, Refusal>[] = [
  { name: 'both models are compiled alike', check: checkCompiles },
  { name: 'both attributes are compiled alike', check: checkCompilesOfAttributes },
  { name: 'no model is an attribute of the other', check: checkNotKept },
  { name: 'no other class reads the layers', check: checkOutsideUses },
  { name: 'no other branch needs the device', check: checkDeviceScopes },
  { name: 'no other function wraps it again', check: checkNotWrappedAgain },
  { name: 'no other function builds a larger model', check: checkLargerModels },
  { name: 'no other file builds a larger model', check: checkReturnedParts },
  { name: 'what compiles it is in view', check: checkCompiledInView },
  { name: 'no caller creates its optimizer', check: checkHandedOver },
];
