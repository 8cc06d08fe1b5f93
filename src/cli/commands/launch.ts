/** `mirrorscope launch`: starts the workers of a multi-worker program on this machine. Starts processes. */
import type { WorkerOutput } from '../../launch/worker-process.js';
import type { ParsedArguments } from '../arguments/parse-arguments.js';
import type { CommandIo } from '../command-io.js';

import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { shareGpus } from '../../launch/job-plan.js';
import { launchJob } from '../../launch/launch-job.js';
import { isIsolated, namespaceObstacle } from '../../launch/network-namespace.js';
import { runIsolated } from '../../launch/run-isolated.js';
import { visibleGpus } from '../../launch/visible-gpus.js';
import { wantsColour } from '../../report/palette.js';
import { wholeNumberOption } from '../arguments/number-options.js';
import { usageError } from '../arguments/usage-error.js';

const MAX_WORKERS = 1000;
const MAX_DEVICES = 1000;
const MAX_RESTARTS = 1_000_000;
const MAX_GRACE_SECONDS = 3600;
const DEFAULT_GRACE_SECONDS = 10;
const COLOURS = ['cyan', 'green', 'yellow', 'magenta', 'blue'] as const;

/**
 * Runs the command.
 *
 * @param parsed - The arguments.
 * @param io - The streams, the working directory and the environment variables.
 * @returns 0 when every worker succeeded, otherwise the exit code of the first worker that failed.
 */
export async function launchCommand(parsed: ParsedArguments, io: CommandIo): Promise<number> {
  const settings = settingsOf(parsed, io);
  if (shouldIsolate(parsed, io)) return runIsolated([process.execPath, BIN, ...isolatedWords(parsed)], io.onSignal);
  return launchJob({
    ...settings,
    directory: io.directory,
    environment: io.environment,
    outputOf: (index, name) => outputOf(index, name, io),
    onSignal: io.onSignal,
    say: (sentence) => {
      say(io, sentence);
    },
  });
}

const BIN = fileURLToPath(new URL('../bin.js', import.meta.url));

function settingsOf(parsed: ParsedArguments, io: CommandIo) {
  const [script, ...scriptWords] = parsed.paths;
  if (script === undefined)
    throw usageError('`mirrorscope launch` needs a script.', 'For example: mirrorscope launch --workers 2 train.js');
  const file = path.resolve(io.directory, script);
  if (!existsSync(file) || statSync(file).isDirectory()) throw usageError(`There is no script ${script}.`);
  if (/\.(?:py|ipynb)$/i.test(script))
    throw usageError(
      `\`mirrorscope launch\` starts Node.js programs, and ${script} is a Python program.`,
      'Start each Python worker yourself, with its own TF_CONFIG: docs/python.md shows how, under “Several workers”.',
    );
  const workers = wholeNumberOption(parsed, 'workers', MAX_WORKERS);
  if (workers === undefined) throw usageError('`mirrorscope launch` needs --workers with the number of workers.');
  const devicesPerWorker = wholeNumberOption(parsed, 'devices-per-worker', MAX_DEVICES);
  const size = { workers, devicesPerWorker, gpus: visibleGpus(io.environment) };
  // Before anything starts: whether the GPUs suffice.
  shareGpus(size);
  return {
    size,
    script: [file, ...scriptWords],
    maxRestarts: wholeNumberOption(parsed, 'max-restarts', MAX_RESTARTS, 0) ?? 0,
    graceMs: 1000 * (wholeNumberOption(parsed, 'grace', MAX_GRACE_SECONDS, 0) ?? DEFAULT_GRACE_SECONDS),
  };
}

/** Decides whether the job still has to move into a network namespace, and says what follows for the user. */
function shouldIsolate(parsed: ParsedArguments, io: CommandIo): boolean {
  if (parsed.has('isolate') && parsed.has('no-isolate'))
    throw usageError('--isolate and --no-isolate exclude each other.');
  if (parsed.has('no-isolate') || isIsolated()) return false;
  const obstacle = namespaceObstacle();
  if (obstacle === undefined) {
    say(
      io,
      'The workers run in a network namespace of their own: no other program can reach them, and they cannot reach the network. With --no-isolate, they can.',
    );
    return true;
  }
  if (parsed.has('isolate')) {
    throw new MirrorscopeError(ErrorCode.LaunchFailed, `There can be no network namespace here, because ${obstacle}.`, {
      hint: 'Without --isolate, the workers share the network of this machine. docs/multi-worker.md says how to fence it.',
    });
  }
  say(
    io,
    `The workers share the network of this machine, because ${obstacle}. The program must allow this with allowUnauthenticatedPeers.`,
  );
  return false;
}

/** The same command line, which then finds itself isolated. */
function isolatedWords(parsed: ParsedArguments): string[] {
  const options = ['workers', 'devices-per-worker', 'max-restarts', 'grace'].flatMap((name) => {
    const value = parsed.value(name);
    return value === undefined ? [] : [`--${name}=${value}`];
  });
  return ['launch', ...options, '--', ...parsed.paths];
}

function outputOf(index: number, name: string, io: CommandIo): WorkerOutput {
  const label = `[${name}]`;
  const colour = COLOURS[index % COLOURS.length] ?? 'cyan';
  const hasColour = wantsColour(io.environment, io.stdout.isTTY);
  return {
    prefix: `${hasColour ? styleText(colour, label, { validateStream: false }) : label} `,
    stdout: (lines) => {
      io.stdout.write(lines);
    },
    stderr: (lines) => {
      io.stderr.write(lines);
    },
  };
}

function say(io: CommandIo, sentence: string): void {
  io.stderr.write(`mirrorscope: ${sentence}\n`);
}
