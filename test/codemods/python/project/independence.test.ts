/**
 * Tests that what a file becomes depends on its own project only: neither on the folder that the command runs in nor on
 * projects beside it, and that each text is parsed once.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { migrateText } from '../../../../src/codemods/engine.js';
import { createSourceFiles } from '../../../../src/scan/source-files.js';

const folder = mkdtempSync(join(tmpdir(), 'mirrorscope-independence-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const NETS = `from tensorflow.keras.layers import Dense, Input
from tensorflow.keras.models import Model
from tensorflow.keras.utils import multi_gpu_model


class Net(object):
    def __init__(self, gpus):
        x = Input(shape=(4,))
        self.model = Model(x, Dense(1)(x))
        if gpus > 1:
            self.model = multi_gpu_model(self.model, gpus=gpus)
        self.model.compile(loss='mse', optimizer='sgd')

    def fit(self, x, y):
        self.model.fit(x, y)
`;

const TRAIN = `from nets.model import Net

net = Net(2)
net.fit(x, y)
`;

/** Code that trains and nests attributes of the same name, of classes of its own. */
const NEIGHBOUR = `from tensorflow.keras.models import Sequential


class Net(object):
    def __init__(self):
        self.model = Sequential()


net = Net()
net.model.compile(loss='mse', optimizer='sgd')
net.model.fit(x, y)
gan = Sequential([net.model, net.model])
gan.compile(loss='mse', optimizer='sgd')
`;

function write(name: string, texts: Record<string, string>): string {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, name, path)), { recursive: true });
    writeFileSync(join(folder, name, path), text);
  }
  return join(folder, name);
}

async function migrated(root: string, path: string, text: string): Promise<unknown> {
  const { output, findings } = await migrateText(relative(root, path), text, { root, files: createSourceFiles() });
  return { output, findings: findings.map(({ message, start }) => `${start.line}: ${message}`) };
}

describe.each([
  ['without a manifest', {}],
  ['with a manifest in each project', { 'a/requirements.txt': 'tensorflow\n', 'b/requirements.txt': 'tensorflow\n' }],
  ['in one repository', { '.git/HEAD': 'ref: refs/heads/main\n' }],
])('a project beside another, %s', (name, more) => {
  const root = write(name.replaceAll(' ', '-'), {
    'a/nets/model.py': NETS,
    'a/train.py': TRAIN,
    'b/nets/model.py': NEIGHBOUR,
    'b/train.py': 'from nets.model import net\nnet.model.fit(x, y)\n',
    ...more,
  });

  it('becomes the same from the parent, the project and a folder in it', async () => {
    const path = join(root, 'a/nets/model.py');
    const alone = write(`${name}-alone`.replaceAll(' ', '-'), { 'nets/model.py': NETS, 'train.py': TRAIN });
    const expected = await migrated(alone, join(alone, 'nets/model.py'), NETS);
    expect(expected).toMatchObject({ output: expect.stringContaining('MirroredStrategy') as string });
    for (const start of [root, join(root, 'a'), join(root, 'a/nets')])
      expect(await migrated(start, path, NETS)).toEqual(expected);
  });

  it('still sees what its own files do', async () => {
    const path = join(root, 'c/nets/model.py');
    const text = NETS.replace("        self.model.compile(loss='mse', optimizer='sgd')\n", '');
    write(join(name.replaceAll(' ', '-'), 'c'), {
      'nets/model.py': text,
      'train.py': "from nets.model import Net\n\nnet = Net(2)\nnet.model.compile(loss='mse', optimizer='sgd')\n",
    });
    for (const start of [root, join(root, 'c'), join(root, 'c/nets')])
      expect(await migrated(start, path, text)).toMatchObject({
        output: undefined,
        findings: [expect.stringContaining('self.model') as string],
      });
  });
});
