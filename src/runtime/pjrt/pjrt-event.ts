/** Waits for the events of a plugin, and frees them. Calls the C API. */
import type { PluginApi } from './plugin-api.js';

function destroy(api: PluginApi, event: number): void {
  api.call('PJRT_Event_Destroy', { event });
}

/**
 * Blocks until an event has happened, and frees it.
 *
 * @param api - Calls the plugin.
 * @param event - The event; 0 for one that has already happened.
 * @throws {PjrtError} When what it stands for has failed.
 */
export function awaitEvent(api: PluginApi, event: number): void {
  if (event === 0) return;
  try {
    api.call('PJRT_Event_Await', { event });
  } finally {
    destroy(api, event);
  }
}

/**
 * Waits for an event on another thread, and frees it.
 *
 * @param api - Calls the plugin.
 * @param event - The event; 0 for one that has already happened.
 * @throws {PjrtError} When what it stands for has failed.
 */
export async function waitForEvent(api: PluginApi, event: number): Promise<void> {
  if (event === 0) return;
  try {
    // Most events of small values have already happened, and another thread costs more than the question.
    const isReady = api.call('PJRT_Event_IsReady', { event }).get('is_ready') !== 0;
    if (isReady) api.call('PJRT_Event_Await', { event });
    else await api.callAsync('PJRT_Event_Await', { event });
  } finally {
    destroy(api, event);
  }
}
