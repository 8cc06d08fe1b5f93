/** The table of the exports of `mirrorscope/node` is correct. */
import { createRequire } from 'node:module';

import { expect, it } from 'vitest';

import {
  MIRRORSCOPE_NODE_EXPORTS,
  MIRRORSCOPE_NODE_MEMBERS,
} from '../../src/catalogue/mirrorscope-node-exports-table.js';
import { describeWithTensorFlow } from '../runtime/tensorflow/describe-with-tensorflow.js';
import { defined } from '../support/defined.js';

const tfjs = createRequire(import.meta.url)('@tensorflow/tfjs') as Record<string, object>;

it('contains every export of tfjs', () => {
  expect(Object.keys(tfjs).filter((name) => !MIRRORSCOPE_NODE_EXPORTS.has(name))).toEqual([]);
  for (const name of ['io', 'version']) {
    const members = defined(MIRRORSCOPE_NODE_MEMBERS.get(name), name);
    expect(Object.keys(defined(tfjs[name])).filter((member) => !members.has(member))).toEqual([]);
  }
});

describeWithTensorFlow('the module', () => {
  it('has these exports and no others', async () => {
    const module = (await import('../../src/runtime/node/index.js')) as unknown as Record<string, object>;
    expect(Object.keys(module).sort()).toEqual([...MIRRORSCOPE_NODE_EXPORTS].sort());
    for (const [name, members] of MIRRORSCOPE_NODE_MEMBERS)
      expect(Object.keys(defined(module[name])).sort()).toEqual([...members].sort());
  });
});
