#!/usr/bin/env node
/** The executable: binds the command line to this process. The only file that may end it. */
import type { CommandIo, TextSink } from './command-io.js';

import { realpathSync, writeSync } from 'node:fs';
import nodeModule from 'node:module';

import { main } from './main.js';

// From Node 22 on: keeps compiled code between runs, for most of the start-up time is compiling the parser.
(nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();

function sink(stream: NodeJS.WriteStream): TextSink {
  return { isTTY: stream.isTTY, write: (text) => void stream.write(text) };
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const io: CommandIo = {
  directory: realpathSync(process.cwd()),
  environment: process.env,
  stdout: sink(process.stdout),
  stderr: sink(process.stderr),
  readStdin,
};

// A reader that has seen enough (`| head`) is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  writeSync(2, `mirrorscope: standard output: ${error.message}\n`);
  process.exit(2);
});

// Not process.exit(): what is still on its way through a pipe would be lost.
process.exitCode = await main(process.argv.slice(2), io);
