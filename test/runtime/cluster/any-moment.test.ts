/** Whenever a process ends and whatever the others do then, they say which one it was. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { describe, expect, test } from 'vitest';

import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { startWorkers } from './support/start-workers.js';

/** `npm run test:cluster` tries more moments. */
const FULL = process.env['MIRRORSCOPE_FULL_CLUSTER'] === '1';
const DELAYS = FULL ? [50, 400, 800, 1600, 3000] : [800];

describeWithTensorFlow('a process that is killed at any moment', () => {
  describe.each(['fit', 'predict', 'run'])('while the others call %s', (use) => {
    test.each(DELAYS)('after %i ms', { timeout: 90_000 }, async (delay) => {
      const workers = await startWorkers({ program: 'any-moment', workers: 3, environment: () => ({ USE: use }) });
      try {
        const [chief, victim, other] = workers.all;
        await once(victim?.child as NonNullable<typeof victim>['child'], 'message');
        await sleep(delay);
        victim?.child.kill('SIGKILL');
        for (const survivor of [chief, other]) {
          await survivor?.ended;
          const message = expect.stringMatching(/worker 1 \(.*\) (is lost|did not send)/) as unknown;
          expect(survivor?.result(), survivor?.output()).toMatchObject({ code: 'WORKER_LOST', message });
        }
      } finally {
        await workers.stop();
      }
    });
  });
});
