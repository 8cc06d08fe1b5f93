/**
 * Connects the scope of a strategy to the models constructed in it. Touches the prototypes of TensorFlow.js's models.
 */
import type { ModelScope } from '../distribute/ports/model-scope.js';
import type { TensorFlowJs } from '../tfjs/load-tfjs.js';
import type { TracingEngine } from './ports/tracing-engine.js';
import type { Variable } from '@tensorflow/tfjs';

import { onVariableMade } from '../tfjs/registered-variables.js';

import { distributeModel } from './distribute-model.js';
import { watchModelConstruction } from './model-construction.js';

/** The engine on which the models of a strategy run. */
export interface ModelEngine {
  readonly tf: TensorFlowJs;
  /** Traces steps. Without it, models always run eagerly. */
  readonly tracing?: TracingEngine;
}

/**
 * Makes the model scope of strategies on one engine.
 *
 * @param engine - The engine.
 * @param onVariable - Gets each variable that any code makes while a scope is open.
 * @returns The model scope.
 */
export function createModelScope(engine: ModelEngine, onVariable?: (variable: Variable) => void): ModelScope {
  return {
    open: () => {
      const stop = onVariable && onVariableMade(engine.tf, onVariable);
      const end = watchModelConstruction(engine.tf);
      return () => {
        end();
        stop?.();
      };
    },
    adopt: (model, strategy) => {
      distributeModel(model, strategy, engine.tracing);
    },
  };
}
