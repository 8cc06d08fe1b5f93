/**
 * One run of one replica from its start. The first run records what would make a second run differ: the numbers drawn
 * from Math.random, from which TensorFlow.js seeds its random operations. A run that does not finish releases the
 * tensors that it kept. Touches Math.random and TensorFlow.js's engine.
 */
import type { TensorFlowJs } from '../../tfjs/load-tfjs.js';

import { collectKept } from '../../tfjs/kept-tensors.js';
import { overrideProperty } from '../../tfjs/override-property.js';

/** The random numbers that a replica has drawn, in order. */
export type DrawnNumbers = number[];

function replayRandom(drawn: DrawnNumbers): () => void {
  const { random } = Math;
  let place = 0;
  return overrideProperty(Math, 'random', () => {
    const number = drawn[place] ?? random();
    drawn[place++] = number;
    return number;
  });
}

/** Runs `body` in a `tf.tidy`, with the random numbers of its earlier runs. */
export function takeTurn<Result>(tf: TensorFlowJs, drawn: DrawnNumbers, body: () => Result): Result {
  const stopReplaying = replayRandom(drawn);
  const collected = collectKept(tf);
  try {
    return tf.tidy(() => body() as never);
  } catch (error) {
    for (const tensor of collected.kept) if (!tensor.isDisposed) tensor.dispose();
    throw error;
  } finally {
    stopReplaying();
    collected.stop();
  }
}
