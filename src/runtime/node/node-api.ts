/**
 * The exports of `mirrorscope/node`: TensorFlow.js on the installed TensorFlow, instead of `@tensorflow/tfjs-node`. The
 * import registers the backend, makes it tfjs's current one, and adds `file://` URLs and the progress bar of `verbose:
 * 1`. It loads the library but does not start TensorFlow, so that `config` still works after the import. Changes tfjs's
 * registries.
 */
import * as tf from '@tensorflow/tfjs';

import { BACKEND_NAME, registerBackend, session } from '../backend/index.js';

import { fileSystem, fileSystemRouter } from './file-system.js';
import { nodeHTTPRequest } from './http-request.js';
import {
  decodeBmp,
  decodeGif,
  decodeImage,
  decodeJpeg,
  decodePng,
  encodeJpeg,
  encodePng,
  getImageType,
} from './images.js';
import { ProgbarLogger } from './progbar-logger.js';
import { getNumOfSavedModels, loadSavedModel } from './saved-model.js';
import { getMetaGraphsFromSavedModel } from './saved-model-info.js';
import { summaryFileWriter } from './summary-writer.js';
import { tensorBoard } from './tensor-board-callback.js';

/** tfjs's type does not say that a router returns null for the URLs of others. */
type Router = Parameters<typeof tf.io.registerLoadRouter>[0];

// Reports a missing library at the import instead of at the first op.
session.loadLibrary();
registerBackend(tf);
// The promise is already settled, because our factory is synchronous.
void tf.setBackend(BACKEND_NAME);
tf.io.registerLoadRouter(fileSystemRouter as Router);
tf.io.registerSaveRouter(fileSystemRouter as Router);
tf.registerCallbackConstructor(1, ProgbarLogger);

export { BACKEND_NAME, config, withDevice } from '../backend/index.js';
export { ProgbarLogger } from './progbar-logger.js';
export { TFSavedModel } from './saved-model.js';
export { type MetaGraph, type SavedModelTensorInfo, type SignatureDefEntry } from './saved-model-info.js';
export { SummaryFileWriter } from './summary-writer.js';
export { TensorBoardCallback, type TensorBoardCallbackArgs } from './tensor-board-callback.js';
export * from '@tensorflow/tfjs';

/**
 * Everything that tfjs-node adds under `tf.node`: image files, TensorBoard and SavedModels.
 *
 * @example
 * ```ts
 * import * as tf from 'mirrorscope/node';
 *
 * const model = await tf.node.loadSavedModel('saved-model');
 * await layersModel.fit(x, y, { callbacks: tf.node.tensorBoard('logs') });
 * ```
 */
export const node = {
  decodeImage,
  decodeBmp,
  decodeGif,
  decodePng,
  decodeJpeg,
  encodeJpeg,
  encodePng,
  getImageType,
  summaryFileWriter,
  tensorBoard,
  getMetaGraphsFromSavedModel,
  getNumOfSavedModels,
  loadSavedModel,
};

/**
 * tfjs's `io`, with the handlers that tfjs-node adds: `fileSystem` and `nodeHTTPRequest`.
 *
 * @example
 * ```ts
 * import * as tf from 'mirrorscope/node';
 *
 * await model.save(tf.io.fileSystem('trained'));
 * ```
 */
export const io: typeof tf.io & { fileSystem: typeof fileSystem; nodeHTTPRequest: typeof nodeHTTPRequest } = {
  ...tf.io,
  fileSystem,
  nodeHTTPRequest,
};
