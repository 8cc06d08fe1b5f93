/** Tests that the analysis of a file takes bounded time. */
import { expect, it } from 'vitest';

import { migrateText } from '../../../../src/codemods/engine.js';

const HEAD =
  'from keras.layers import Dense, Input\nfrom keras.models import Model\nfrom keras.utils import multi_gpu_model\n';
const WRAP = 'model = multi_gpu_model(model, gpus=2)\nmodel.compile(loss="mse", optimizer="sgd")\n';

it('reports a file of megabytes instead of parsing it', async () => {
  const table = `TABLE = [\n${'    0.12345678,\n'.repeat(150_000)}]\n`;
  const { status, error } = await migrateText('table.py', HEAD + table + WRAP);
  expect(status).toBe('failed');
  expect(error?.code).toBe('TOO_LARGE');
  expect(error?.message).toMatch(/^table\.py has 2\d{6} characters of Python/);
});

it('follows a thousand chained layers in time that grows with their number', async () => {
  const chain = (length: number): string =>
    Array.from({ length }, (_, index) => `h${index + 1} = Dense(4)(h${index})\n`).join('');
  const timeOf = async (length: number): Promise<number> => {
    const start = process.cpuUsage();
    const text = `${HEAD}h0 = Input(shape=(4,))\n${chain(length)}model = Model(h0, h${length})\n${WRAP}`;
    const { status } = await migrateText('chain.py', text);
    expect(status).toBe('changed');
    const { user, system } = process.cpuUsage(start);
    return (user + system) / length;
  };
  await timeOf(100);
  const [short, long] = [await timeOf(250), await timeOf(1000)];
  // It was sixteen times as long before; parsing and noise are far below that.
  expect(long / short).toBeLessThan(6);
});
