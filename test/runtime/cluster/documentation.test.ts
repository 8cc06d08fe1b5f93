/**
 * The programs and commands of docs/multi-worker.md train, as far as one machine can show it: functions stand for `ssh`
 * and `srun`, and start the processes here. Needs dist/.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { BIN } from '../../cli/command.js';
import { describeWithTensorFlow } from '../tensorflow/describe-with-tensorflow.js';

import { freeAddresses, ROOT } from './support/start-workers.js';

const page = readFileSync(join(ROOT, 'docs/multi-worker.md'), 'utf8');
const EXAMPLE = join(ROOT, 'docs/examples/multi-worker/train.js');

/** The first code block after a text. */
function blockAfter(text: string, language: string): string {
  const from = page.indexOf(text);
  const [, block] = new RegExp(`\\n\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(page.slice(from)) ?? [];
  if (from === -1 || block === undefined) throw new Error(`docs/multi-worker.md has no ${language} after ${text}`);
  return block;
}

/** The example with another cluster resolver. */
function exampleWith(resolver: string, options: string): string {
  return readFileSync(EXAMPLE, 'utf8')
    .replace('TFConfigClusterResolver }', 'SimpleClusterResolver, SlurmClusterResolver, readClusterSpec }')
    .replace('new TFConfigClusterResolver()', resolver)
    .replace('{ clusterResolver }', options);
}

describeWithTensorFlow('the examples of the page about several processes', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'multi-worker-docs-'));
    mkdirSync(join(folder, 'training/node_modules'), { recursive: true });
    for (const name of ['@tensorflow', 'mirrorscope'])
      symlinkSync(
        name === 'mirrorscope' ? ROOT : join(ROOT, 'node_modules', name),
        join(folder, 'training/node_modules', name),
      );
    writeFileSync(join(folder, 'training/package.json'), '{ "type": "module" }');
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function run(command: string, directory: string): string[] {
    const { stdout, stderr } = spawnSync('bash', ['-c', command], {
      cwd: directory,
      encoding: 'utf8',
      timeout: 100_000,
      env: {
        ...process.env,
        MIRRORSCOPE_ENGINE: 'tensorflow',
        TF_CPP_MIN_LOG_LEVEL: '3',
        NODE_OPTIONS: '',
        VIRTUAL_ENV: join(ROOT, '.venv'),
      },
    });
    const lines = [...stdout.matchAll(/(worker \d): loss (.*)/g)];
    expect(lines.map(([, worker]) => worker).sort(), stderr).toEqual(['worker 0', 'worker 1']);
    return lines.map(([, , losses = '']) => losses);
  }

  const expectTraining = ([one = '', other]: string[]): void => {
    expect(other).toBe(one);
    const losses = one.split(' ').map(Number);
    expect(losses).toHaveLength(5);
    expect(losses[4]).toBeLessThan(losses[0] ?? 0);
  };

  test('the program as it stands, under the launcher', { timeout: 120_000 }, () => {
    expectTraining(run(`'${process.execPath}' '${BIN}' launch --workers 2 '${EXAMPLE}'`, ROOT));
  });

  test('the commands over ssh', { timeout: 120_000 }, async () => {
    const [, resolver = ''] =
      /const clusterResolver = (.*?);\n/s.exec(blockAfter('**By hand, over ssh.**', 'js')) ?? [];
    const training = join(folder, 'training');
    writeFileSync(join(training, 'cluster.json'), JSON.stringify({ worker: await freeAddresses(2) }));
    writeFileSync(
      join(training, 'train.js'),
      exampleWith(resolver, '{ clusterResolver, allowUnauthenticatedPeers: true }'),
    );
    expectTraining(run(`ssh() { bash -c "$2"; }\n${blockAfter('**By hand, over ssh.**', 'sh')}`, folder));
  });

  test('the batch script of Slurm', { timeout: 120_000 }, async () => {
    const port = Number((await freeAddresses(1))[0]?.split(':')[1]);
    writeFileSync(
      join(folder, 'training/train.js'),
      exampleWith(
        `new SlurmClusterResolver({ portBase: ${String(port)} })`,
        '{ clusterResolver, allowUnauthenticatedPeers: true }',
      ),
    );
    // What Slurm sets in a step with two tasks on one node.
    const srun = `srun() {
      export SLURM_STEP_NODELIST=localhost SLURM_STEP_NUM_TASKS=2 SLURM_STEP_TASKS_PER_NODE=2 SLURMD_NODENAME=localhost
      shift
      for rank in 0 1; do SLURM_PROCID=$rank SLURM_LOCALID=$rank "$@" & done
      wait
    }`;
    expectTraining(run(`${srun}\n${blockAfter('**Slurm.**', 'sh')}`, join(folder, 'training')));
  });
});
