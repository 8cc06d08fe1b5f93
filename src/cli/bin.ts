#!/usr/bin/env node
/** The executable: connects the command line with this process. The only file that may end the process. */
import type { CommandIo, TextSink } from './command-io.js';

import { realpathSync, writeSync } from 'node:fs';
import nodeModule from 'node:module';

import { ENDING_SIGNALS, holdSignals } from './hold-signals.js';
import { main } from './main.js';

// Node 22 and later can cache compiled code between runs. Compiling the parser takes most of the start-up time.
(nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();

function sink(stream: NodeJS.WriteStream): TextSink {
  return { isTTY: stream.isTTY, write: (text) => void stream.write(text) };
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function onSignal(listener: (signal: NodeJS.Signals) => void): () => void {
  const onExit = (): void => {
    listener('SIGTERM');
  };
  for (const signal of ENDING_SIGNALS) process.on(signal, listener);
  process.on('exit', onExit);
  return () => {
    for (const signal of ENDING_SIGNALS) process.off(signal, listener);
    process.off('exit', onExit);
  };
}

const io: CommandIo = {
  directory: realpathSync(process.cwd()),
  environment: process.env,
  stdout: sink(process.stdout),
  stderr: sink(process.stderr),
  holdSignals,
  readStdin,
  onSignal,
};

// A reader that stops early (`| head`) is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  writeSync(2, `mirrorscope: standard output: ${error.message}\n`);
  process.exit(2);
});

// process.exit() would lose output that is not yet written to a pipe.
process.exitCode = await main(process.argv.slice(2), io);
