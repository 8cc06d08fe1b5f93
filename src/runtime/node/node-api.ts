/**
 * What `mirrorscope/node` exports: TensorFlow.js on the installed TensorFlow, in place of `@tensorflow/tfjs-node`. Importing it registers the
 * backend, makes it the current one and adds `file://` and the progress bar of `verbose: 1`. It loads the library;
 * TensorFlow starts with the first op, so that `config` can still be used after the import.
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

// A missing library is said here, at the import, and not at the first op.
void session.api;
registerBackend(tf);
tf.setBackend(BACKEND_NAME);
tf.io.registerLoadRouter(fileSystemRouter);
tf.io.registerSaveRouter(fileSystemRouter);
tf.registerCallbackConstructor(1, ProgbarLogger as never);

export { BACKEND_NAME, config, withDevice } from '../backend/index.js';
export { ProgbarLogger } from './progbar-logger.js';
export { TFSavedModel } from './saved-model.js';
export { type MetaGraph, type SavedModelTensorInfo, type SignatureDefEntry } from './saved-model-info.js';
export { SummaryFileWriter } from './summary-writer.js';
export { TensorBoardCallback, type TensorBoardCallbackArgs } from './tensor-board-callback.js';
export * from '@tensorflow/tfjs';

/** What tfjs-node adds under `tf.node`. */
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

/** tfjs's `io`, with what tfjs-node adds to it. */
export const io: typeof tf.io & { fileSystem: typeof fileSystem; nodeHTTPRequest: typeof nodeHTTPRequest } = {
  ...tf.io,
  fileSystem,
  nodeHTTPRequest,
};
