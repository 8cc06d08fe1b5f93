/** Checks whether a PJRT plugin and TensorFlow are installed, without loading them. Reads files. */
import type { EngineProbe } from '../engine.js';
import type { PjrtSession } from './pjrt-session.js';

import { probeTensorFlow } from '../tensorflow/probe-tensorflow.js';

/**
 * Checks whether the engine can run.
 *
 * @param session - Finds the plugin.
 * @returns Whether it can run, and why.
 */
export function probePjrt(session: PjrtSession): EngineProbe {
  const { plugin } = session.located;
  if (plugin === undefined) return { available: false, reason: 'No PJRT plugin was found; see docs/pjrt.md.' };
  const tensorFlow = probeTensorFlow();
  if (!tensorFlow.available)
    return {
      available: false,
      reason: `A PJRT plugin was found, but TensorFlow records the steps. ${tensorFlow.reason}`,
    };
  const kind = plugin.accelerator === '' ? '' : ` for ${plugin.accelerator}`;
  return { available: true, reason: `A PJRT plugin${kind} was found at ${plugin.path}.` };
}
