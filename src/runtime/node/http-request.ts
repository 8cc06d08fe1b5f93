/** tfjs-node's name for tfjs's loader of models over HTTP. Touches nothing until the handler loads. */
import * as tf from '@tensorflow/tfjs';

/**
 * An IOHandler for a model at a URL; the same as `tf.io.http`.
 * @param path URL of a model.json, or of a topology and a weights manifest
 * @param requestInit options of `fetch`
 * @param weightPathPrefix where the weights files lie, when not beside the model.json
 */
export function nodeHTTPRequest(path: string, requestInit?: RequestInit, weightPathPrefix?: string): tf.io.IOHandler {
  return tf.io.http(path, {
    ...(requestInit === undefined ? {} : { requestInit }),
    ...(weightPathPrefix === undefined ? {} : { weightPathPrefix }),
  });
}
