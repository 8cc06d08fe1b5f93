/**
 * `npm run bench -- ops`: what one eager op costs, and training steps without tracing. Prints ratios against the raw C
 * call, against tfjs's `cpu` backend and against eager Python TensorFlow on the same library. Needs dist/ and
 * TensorFlow.
 */
import { benchDispatch } from './dispatch.js';
import { benchEagerTraining } from './eager-training.js';

const ROUNDS = 7;

await benchDispatch(ROUNDS);
await benchEagerTraining(ROUNDS);
