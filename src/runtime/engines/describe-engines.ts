/** What `mirrorscope doctor` prints about engines. Only looks; starts none. */
import type { EngineName } from './engine.js';

import { ENGINES } from './engine-table.js';
import { chooseEngine } from './select-engine.js';

/** One engine, as found on this machine. */
export interface EngineDescription {
  readonly name: EngineName;
  readonly summary: string;
  readonly available: boolean;
  /** Why it can or cannot run. */
  readonly reason: string;
  /** Whether strategies would use it now. */
  readonly selected: boolean;
  /** Who decided that it is used; empty unless `selected`. */
  readonly selectedBy: string;
}

/**
 * The engines, best first.
 *
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when `MIRRORSCOPE_ENGINE` names one that does not exist or cannot run.
 */
export function describeEngines(): EngineDescription[] {
  const { entry, decidedBy } = chooseEngine();
  return ENGINES.map((engine) => {
    const selected = engine === entry;
    return {
      name: engine.name,
      summary: engine.summary,
      ...engine.probe(),
      selected,
      selectedBy: selected ? decidedBy : '',
    };
  });
}
