/** Loads models over HTTP, under tfjs-node's name of the function. Opens connections when the handler loads. */
import * as tf from '@tensorflow/tfjs';

/**
 * Makes an `IOHandler` for a model at a URL. The same as `tf.io.http`.
 *
 * @param path - URL of a model.json.
 * @param requestInit - Options of `fetch`.
 * @param weightPathPrefix - Where the weights files are; by default beside the model.json.
 * @returns The handler.
 * @throws {Error} When the path is empty.
 *
 * @example
 * ```ts
 * import * as tf from 'mirrorscope/node';
 *
 * const model = await tf.loadLayersModel(tf.io.nodeHTTPRequest('https://example.com/model.json'));
 * ```
 */
export function nodeHTTPRequest(path: string, requestInit?: RequestInit, weightPathPrefix?: string): tf.io.IOHandler {
  return tf.io.http(path, {
    ...(requestInit === undefined ? {} : { requestInit }),
    ...(weightPathPrefix === undefined ? {} : { weightPathPrefix }),
  });
}
