/** Tests that the analysis of a file takes bounded time. */
import { expect, it } from 'vitest';

import { migrateText } from '../../../../src/codemods/engine.js';

const HEAD =
  'from keras.layers import Dense, Input, add\nfrom keras.models import Model\nfrom keras.utils import multi_gpu_model\n';
const WRAP = 'model = multi_gpu_model(model, gpus=2)\nmodel.compile(loss="mse", optimizer="sgd")\n';

it('reports a file of megabytes instead of parsing it', async () => {
  const table = `TABLE = [\n${'    0.12345678,\n'.repeat(150_000)}]\n`;
  const { status, error } = await migrateText('table.py', HEAD + table + WRAP);
  expect(status).toBe('failed');
  expect(error?.code).toBe('TOO_LARGE');
  expect(error?.message).toMatch(/^table\.py has 2\d{6} characters of Python/);
});

const CHAINS = [
  [
    'under a name each',
    (index: number) => `h${index + 1} = Dense(4)(h${index})\n`,
    (length: number) => `h${length}`,
    6,
  ],
  ['under one name', () => 'y = Dense(4)(h0)\nh0 = add([h0, y])\n', () => 'h0', 2],
] as const;

it.each(CHAINS)(
  'follows a thousand chained layers %s in time that grows with their number',
  async (_, layer, last, limit) => {
    const timeOf = async (length: number): Promise<number> => {
      const start = process.cpuUsage();
      const chain = Array.from({ length }, (_, index) => layer(index)).join('');
      const text = `${HEAD}h0 = Input(shape=(4,))\n${chain}model = Model(h0, ${last(length)})\n${WRAP}`;
      const { status } = await migrateText('chain.py', text);
      expect(status).toBe('changed');
      const { user, system } = process.cpuUsage(start);
      return (user + system) / length;
    };
    await timeOf(100);
    const [short, long] = [await timeOf(250), await timeOf(1000)];
    // A layer took 16 times and 3.4 times as long before; parsing and noise are far below that.
    expect(long / short).toBeLessThan(limit);
  },
);
