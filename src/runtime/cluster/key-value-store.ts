/**
 * The key-value store of TensorFlow's coordination service, which runs in the chief. All processes of a cluster share
 * it. Calls the C API.
 */
import type { TensorFlowContext } from '../tensorflow/context.js';

import { Status } from '../tensorflow/status.js';

/** `TF_Buffer` of c_api.h begins with the address of its data and their length. */
const BUFFER_HEADER_WORDS = 2;

/** Texts by key. A key is written once. */
export class KeyValueStore {
  readonly #context: Pick<TensorFlowContext, 'api' | 'pointer'>;
  readonly #status: Status;

  /** @param context - The context that joined the cluster. */
  constructor(context: Pick<TensorFlowContext, 'api' | 'pointer'>) {
    this.#context = context;
    this.#status = new Status(context.api);
  }

  /**
   * Adds a key.
   *
   * @param key - The key.
   * @param value - Its value.
   * @throws {TensorFlowError} When the key exists, or the chief does not answer.
   */
  insert(key: string, value: string): void {
    const { api, pointer } = this.#context;
    api.TFE_InsertConfigKeyValue(pointer, key, value, this.#status.pointer);
    this.#status.check('TFE_InsertConfigKeyValue');
  }

  /**
   * Reads a key. Waits until it exists; blocks this thread.
   *
   * @param key - The key.
   * @param timeoutMs - How long to wait.
   * @returns The value.
   * @throws {TensorFlowError} `DEADLINE_EXCEEDED` after the timeout; another status when the chief does not answer.
   */
  get(key: string, timeoutMs: number): string {
    const { api, pointer } = this.#context;
    const buffer = api.TF_NewBuffer();
    try {
      api.TFE_GetConfigKeyValue(pointer, key, timeoutMs, buffer, this.#status.pointer);
      this.#status.check('TFE_GetConfigKeyValue');
      const header = new BigUint64Array(BUFFER_HEADER_WORDS);
      api.memory.copyOut(header, buffer);
      const [data = 0n, length = 0n] = header;
      const bytes = new Uint8Array(Number(length));
      api.memory.copyOut(bytes, Number(data));
      return new TextDecoder().decode(bytes);
    } finally {
      api.TF_DeleteBuffer(buffer);
    }
  }

  /**
   * Removes a key, and all keys below it.
   *
   * @param key - The key. It need not exist.
   * @throws {TensorFlowError} When the chief does not answer.
   */
  delete(key: string): void {
    const { api, pointer } = this.#context;
    api.TFE_DeleteConfigKeyValue(pointer, key, this.#status.pointer);
    this.#status.check('TFE_DeleteConfigKeyValue');
  }
}
