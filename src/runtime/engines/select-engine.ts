/** Chooses the engine that an option or `MIRRORSCOPE_ENGINE` names, else the best one that can run on this machine. */
import type { Engine } from './engine.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { maybeProcess } from '../tfjs/node-require.js';

import { type EngineEntry, ENGINES } from './engine-table.js';

/** The environment variable that names the engine. */
const ENGINE_VARIABLE = 'MIRRORSCOPE_ENGINE';

/** Where the engine that chooses between two is not available, there is nothing to choose. */
function isAutoWithoutChoice(name: string | undefined): boolean {
  return name === 'auto' && ENGINES.find((candidate) => candidate.name === 'auto')?.probe().available !== true;
}

function namedEngine(name: string, source: string): EngineEntry {
  const entry = ENGINES.find((candidate) => candidate.name === name);
  const names = ENGINES.map((candidate) => candidate.name).join(', ');
  if (entry === undefined) {
    throw new MirrorscopeError(
      ErrorCode.EngineUnavailable,
      `${source} names the engine "${name}", which does not exist.`,
      {
        hint: `Use one of: ${names}.`,
      },
    );
  }
  const { available, reason } = entry.probe();
  if (available) return entry;
  throw new MirrorscopeError(
    ErrorCode.EngineUnavailable,
    `${source} names the engine "${name}", which cannot run: ${reason}`,
  );
}

/** Reads the name of the engine from the environment; undefined if none is set. */
function engineFromEnvironment(): string | undefined {
  const value = maybeProcess()?.env?.[ENGINE_VARIABLE]?.trim();
  return value === undefined || value === '' || isAutoWithoutChoice(value) ? undefined : value;
}

/** Chooses an engine without opening it, and says what decided the choice. */
export function chooseEngine(option?: string): { readonly entry: EngineEntry; readonly decidedBy: string } {
  if (option !== undefined && !isAutoWithoutChoice(option))
    return { entry: namedEngine(option, 'The engine option'), decidedBy: 'the engine option' };
  const variable = engineFromEnvironment();
  if (variable !== undefined) return { entry: namedEngine(variable, ENGINE_VARIABLE), decidedBy: ENGINE_VARIABLE };
  const entry = ENGINES.find((candidate) => candidate.isOptIn !== true && candidate.probe().available);
  if (entry === undefined) throw new MirrorscopeError(ErrorCode.EngineUnavailable, 'No engine can run here.');
  return { entry, decidedBy: 'what is installed' };
}

/**
 * Opens the chosen engine. @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when the named engine does not exist or
 * cannot run.
 */
export function selectEngine(option?: string): Engine {
  return chooseEngine(option).entry.open();
}
