/**
 * Opens TensorFlow's library and binds its C API to typed JavaScript functions. A function is bound on its first call,
 * so that a library without it fails only where it is needed. Calls koffi.
 */
import type { LibraryFiles } from './library-files.js';
import type * as koffiTypes from 'koffi';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import {
  C_DECLARATIONS,
  type CDeclaration,
  type CFunctionName,
  type CType,
  type CTypeValues,
} from './c-declarations-table.js';
import { CallGate } from './call-gate.js';
import { keepLoaded } from './keep-loaded.js';
import { UNUSABLE_LIBRARY_HINT } from './library-hints.js';
import { type Koffi, loadKoffi, MAX_ASYNC_CALLS } from './load-koffi.js';
import { NativeMemory } from './native-memory.js';
import { SignalMask } from './signal-mask.js';
import { useAlternateSignalStack } from './signal-stack.js';
import { ThreadEnd } from './thread-end.js';

type LibraryHandle = koffiTypes.LibraryHandle;
type KoffiFunction = ReturnType<LibraryHandle['func']>;

type ParameterValues<P extends readonly CType[]> = { [K in keyof P]: CTypeValues[P[K]] };
type BoundFunction<D> =
  D extends CDeclaration<infer R, infer P> ? (...values: ParameterValues<P>) => CTypeValues[R] : never;

type DeclaredFunctions = { [N in CFunctionName]: BoundFunction<(typeof C_DECLARATIONS)[N]> };

/** The functions of TensorFlow's C API, with the memory that their callers need. */
export interface CApi extends DeclaredFunctions {
  readonly memory: NativeMemory;
  /** The library that is open; another thread opens the same files. */
  readonly files: LibraryFiles;
  /** How many calls run on koffi's thread pool. */
  readonly pendingCalls: number;
  /** Blocks signals while a call may start threads of TensorFlow. */
  readonly signals: SignalMask;
  /** Frees what a worker thread leaves behind. */
  readonly threadEnd: ThreadEnd;
  /** Ends the process at once: no thread is waited for, and no listener runs. */
  endProcess(code: number): void;
  /** Calls a function on koffi's thread pool. `values` must stay alive until the promise settles. */
  callAsync<N extends CFunctionName>(
    name: N,
    ...values: Parameters<DeclaredFunctions[N]>
  ): Promise<ReturnType<DeclaredFunctions[N]>>;
}

const KOFFI_TYPES: Readonly<Record<Exclude<CType, 'output'>, string>> = {
  void: 'void',
  pointer: 'uintptr_t',
  int32: 'int',
  dataType: 'int',
  statusCode: 'int',
  int64: 'int64_t',
  size: 'size_t',
  float: 'float',
  bool: 'uint8_t',
  string: 'const char*',
  bytes: 'const void*',
};

function loadLibraries(koffi: Koffi, files: LibraryFiles): LibraryHandle[] {
  const libraries: LibraryHandle[] = [];
  for (const path of files.paths) {
    try {
      libraries.push(koffi.load(path, { lazy: true }));
    } catch (cause) {
      throw new MirrorscopeError(
        ErrorCode.EngineUnavailable,
        `TensorFlow's library at ${path} cannot be loaded: ${messageOf(cause)}`,
        {
          cause,
          hint: UNUSABLE_LIBRARY_HINT,
        },
      );
    }
  }
  return libraries.reverse();
}

/** Functions that may start threads of TensorFlow. Running a function of TensorFlow may, too; see `EagerExecutor`. */
const STARTS_THREADS: ReadonlySet<CFunctionName> = new Set([
  'TFE_NewContext',
  'TFE_NewExecutor',
  'TFE_EnableCollectiveOps',
  'TFE_ContextSetServerDef',
  'TF_NewGraph',
  'TF_LoadSessionFromSavedModel',
  'TF_SessionRun',
]);

function masked(run: KoffiFunction, signals: SignalMask): KoffiFunction {
  const call = (...values: unknown[]): unknown => signals.during(() => run(...values) as unknown);
  return Object.assign(call, { async: run.async.bind(run) }) as unknown as KoffiFunction;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Opens TensorFlow's library.
 *
 * @param files - The library.
 * @returns Its C API.
 * @throws {MirrorscopeError} `ENGINE_UNAVAILABLE` when the file is not a library for this platform, or does not export
 *   TensorFlow's C API.
 */
export function openCApi(files: LibraryFiles): CApi {
  // At level 0, TensorFlow logs which CPU instructions it uses.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
  const koffi = loadKoffi();
  const gate = new CallGate(MAX_ASYNC_CALLS);
  const signals = new SignalMask(koffi);
  const libraries = signals.during(() => loadLibraries(koffi, files));
  const threadEnd = new ThreadEnd(koffi, keepLoaded(koffi, files.paths));
  useAlternateSignalStack(koffi);
  const outputStruct = koffi.struct({ oper: 'uintptr_t', index: 'int' });

  const bind = (name: CFunctionName): KoffiFunction => {
    const declaration: CDeclaration = C_DECLARATIONS[name];
    const parameters = declaration.parameters.map((type) => (type === 'output' ? outputStruct : KOFFI_TYPES[type]));
    const result = KOFFI_TYPES[declaration.result as Exclude<CType, 'output'>];
    for (const library of libraries) {
      try {
        return library.func(name, result, parameters);
      } catch {
        // A wheel divides the API between two libraries: try the other one.
      }
    }
    throw new MirrorscopeError(
      ErrorCode.EngineUnavailable,
      `${files.paths.at(-1)} does not export ${name} of TensorFlow's C API.`,
      {
        hint: 'Use TensorFlow 2.12 or later; `mirrorscope doctor` lists the libraries that were found.',
      },
    );
  };

  const bound = new Map<CFunctionName, KoffiFunction>();
  const boundFunction = (name: CFunctionName): KoffiFunction => {
    const known = bound.get(name);
    if (known) return known;
    const created = STARTS_THREADS.has(name) ? masked(bind(name), signals) : bind(name);
    bound.set(name, created);
    return created;
  };

  const api: Record<string, unknown> = {
    memory: new NativeMemory(koffi, gate),
    files,
    signals,
    threadEnd,
    endProcess: (code: number) => {
      koffi.load(null).func('_exit', 'void', ['int'])(code);
    },
    callAsync: (name: CFunctionName, ...values: unknown[]) =>
      gate.run((done) => {
        boundFunction(name).async(...values, done);
      }),
  };
  Object.defineProperty(api, 'pendingCalls', { get: () => gate.running });
  for (const name of Object.keys(C_DECLARATIONS) as CFunctionName[]) {
    Object.defineProperty(api, name, {
      configurable: true,
      get() {
        const value = boundFunction(name);
        Object.defineProperty(api, name, { value });
        return value;
      },
    });
  }
  // Fails here, with a hint, when the file is a library but not TensorFlow's.
  boundFunction('TF_Version');
  boundFunction('TFE_NewContext');
  return api as unknown as CApi;
}

/**
 * Binds every function that the library has. koffi ends the process when the thread is terminated while it binds, so
 * that a worker thread does it while it starts, and not at its first calls.
 *
 * @param api - The C API.
 */
export function bindAll(api: CApi): void {
  for (const name of Object.keys(C_DECLARATIONS)) {
    try {
      Reflect.get(api, name);
    } catch {
      // An older library. The call will say so.
    }
  }
}
