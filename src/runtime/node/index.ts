/**
 * The entry point `mirrorscope/node`. `import tf from '@tensorflow/tfjs-node'` gives all of that CommonJS module, so the default
 * export of this one is all of it, too; a `require` of it then says `__esModule`, as tfjs-node does.
 */
import * as nodeApi from './node-api.js';

export * from './node-api.js';
export { nodeApi as default };
