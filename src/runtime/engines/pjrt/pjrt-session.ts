/** XLA in one JavaScript thread: which plugin, and one client. Reads files; starts XLA. */
import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';
import { locatePlugin, type LocatePluginResult } from '../../pjrt/locate-plugin.js';
import { PjrtClient } from '../../pjrt/pjrt-client.js';

/** XLA fixes the number of its CPU devices when it starts. Those that nothing uses cost nothing. */
const CPU_DEVICES = 8;

/** The plugin and the client. Each is created on first use. */
export class PjrtSession {
  #located: LocatePluginResult | undefined;
  #client: PjrtClient | undefined;

  /** The plugin and the places that were searched. Searches on the first call. */
  get located(): LocatePluginResult {
    return (this.#located ??= locatePlugin());
  }

  /**
   * The client. Starts XLA on the first call.
   *
   * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when there is no usable plugin.
   */
  get client(): PjrtClient {
    if (this.#client !== undefined) return this.#client;
    const { plugin, attempts } = this.located;
    if (plugin === undefined) {
      const searched = attempts.filter(({ place }) => place !== '').map(({ source, place }) => `${source} (${place})`);
      throw new MirrorscopeError(
        ErrorCode.EngineUnavailable,
        `No PJRT plugin was found. Searched: ${searched.join(', ')}.`,
        { hint: 'Install one of the packages in docs/pjrt.md, or set MIRRORSCOPE_PJRT_PLUGIN to the library of one.' },
      );
    }
    return (this.#client = new PjrtClient(plugin.path, { cpuDevices: CPU_DEVICES }));
  }
}
