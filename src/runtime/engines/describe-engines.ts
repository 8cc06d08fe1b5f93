/** Describes the engines on this machine for `mirrorscope doctor`. Searches for libraries, but loads none. */
import type { EngineName } from './engine.js';

import { ENGINES } from './engine-table.js';
import { chooseEngine } from './select-engine.js';

/** One engine, as found on this machine. */
export interface EngineDescription {
  /** The name, for the option `engine` and for `MIRRORSCOPE_ENGINE`. */
  readonly name: EngineName;
  /** One sentence about it. */
  readonly summary: string;
  /** Whether it can run here. */
  readonly available: boolean;
  /** Why it can or cannot run. */
  readonly reason: string;
  /** Whether strategies use it by default. */
  readonly selected: boolean;
  /** What selected it; empty unless `selected`. */
  readonly selectedBy: string;
}

/**
 * Describes the engines on this machine.
 *
 * @returns One description for each engine, best first.
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when `MIRRORSCOPE_ENGINE` names an engine that does not exist or
 *   cannot run.
 *
 * @example
 * ```js
 * describeEngines().find(({ selected }) => selected).name; // 'tensorflow'
 * ```
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
