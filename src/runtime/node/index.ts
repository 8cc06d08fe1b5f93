/**
 * The entry point `mirrorscope/node`. `import tf from '@tensorflow/tfjs-node'` gets the whole CommonJS module, so the
 * default export here is the whole module, too. Because there is a default export, Node sets `__esModule` for
 * `require`, as tfjs-node does.
 */
import * as nodeApi from './node-api.js';

export * from './node-api.js';
export { nodeApi as default };
