/** A model outside every scope has no backups, and says so. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';

import { backupAndRestore } from '../../../../src/runtime/layers/backup/backup-settings.js';
import { SILENT } from '../../support/silent.js';

test.each(['fit', 'fitDataset'] as const)('%s refuses the callback', async (method) => {
  await tf.setBackend('cpu');
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
  model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });
  const callbacks = backupAndRestore({ backupDir: mkdtempSync(join(tmpdir(), 'mirrorscope-plain-')) });
  const [x, y] = [tf.ones([4, 2]), tf.ones([4, 1])];
  const rows = tf.data.array([{ xs: [1, 1], ys: [1] }]).batch(1);
  const training =
    method === 'fit'
      ? model.fit(x, y, { verbose: SILENT, callbacks })
      : model.fitDataset(rows, { epochs: 1, verbose: SILENT, callbacks });
  await expect(training).rejects.toMatchObject({ code: 'STRATEGY_MISUSE' });
});
