/**
 * Makes signal handlers run on a stack of their own. Changes, through koffi, the thread's alternate signal stack and
 * one flag of the process's signal handlers; adds `process` listeners.
 *
 * On x86-64, the matrix kernels that oneDNN up to 3.11 compiles use the stack pointer for their workspace on the heap.
 * A signal that arrives during such a kernel overwrites the memory below the workspace. V8's CPU profiler sends a
 * thousand signals per second; its handler asks for the alternate stack, but libuv's handlers do not. Source:
 * https://github.com/uxlfoundation/oneDNN/issues/4845, sigaltstack(2), sigaction(2).
 */
import type { Koffi } from './load-koffi.js';

import { subscribe } from 'node:diagnostics_channel';
import { constants } from 'node:os';

/** A signal frame takes up to 12 KiB with AMX registers. Untouched pages cost nothing. */
const BYTES = 256 * 1024;
/** `SS_DISABLE` of Linux. */
const DISABLED = 2;
/** `PROT_READ | PROT_WRITE` and `MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE` of Linux. */
const READ_WRITE = 3;
const PRIVATE_ANONYMOUS = 0x4022;

type Call = (...values: readonly unknown[]) => number;

/** Makes the stack, unless the thread has one. Never unmaps it: handlers can run until the thread ends. */
function makeStack(koffi: Koffi): void {
  const library = koffi.load(null);
  const type = koffi.pointer(koffi.struct({ ss_sp: 'uintptr_t', ss_flags: 'int', ss_size: 'size_t' }));
  const sigaltstack = library.func('sigaltstack', 'int', [type, koffi.out(type)]) as unknown as Call;
  const current: { ss_flags?: number } = {};
  if (sigaltstack(null, current) !== 0 || current.ss_flags !== DISABLED) return;
  const mmap = library.func('mmap', 'intptr_t', [
    'uintptr_t',
    'size_t',
    'int',
    'int',
    'int',
    'int64_t',
  ]) as unknown as Call;
  const address = mmap(0, BYTES, READ_WRITE, PRIVATE_ANONYMOUS, -1, 0);
  if (address !== -1) sigaltstack({ ss_sp: address, ss_flags: 0, ss_size: BYTES }, null);
}

/**
 * `struct sigaction` of 64-bit Linux, as 32-bit words: the handler is the first two, the flags follow a mask of 128
 * bytes.
 */
const ACTION_WORDS = 38;
const FLAGS_WORD = 34;
/** `SA_ONSTACK` */
const ON_STACK = 0x0800_0000;

/** Makes a function that moves the currently installed handlers to the alternate stack. */
function createHandlerMover(koffi: Koffi): () => void {
  const sigaction = koffi.load(null).func('sigaction', 'int', ['int', 'const void*', 'void*']) as unknown as Call;
  const action = new Uint32Array(ACTION_WORDS);
  return () => {
    for (const signal of Object.values(constants.signals)) {
      if (sigaction(signal, null, action) !== 0) continue;
      // SIG_DFL is 0, SIG_IGN is 1.
      const isHandled = (action[0] as number) > 1 || action[1] !== 0;
      const flags = action[FLAGS_WORD] as number;
      if (!isHandled || (flags & ON_STACK) !== 0) continue;
      action[FLAGS_WORD] = flags | ON_STACK;
      sigaction(signal, action, null);
    }
  };
}

/**
 * Protects this thread's memory from signals, also from those that Node.js starts to handle later. Only on Linux on
 * x86-64, where the affected kernels are.
 *
 * @param koffi - Calls the system.
 */
export function useAlternateSignalStack(koffi: Koffi): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') return;
  makeStack(koffi);
  const moveHandlers = createHandlerMover(koffi);
  moveHandlers();
  // Node.js installs a handler with the first listener of a signal, and one for SIGCHLD with the first child process.
  process.on('newListener', (event: string | symbol) => {
    if (Object.hasOwn(constants.signals, event)) moveHandlers();
  });
  subscribe('child_process', () => {
    queueMicrotask(moveHandlers);
  });
}
