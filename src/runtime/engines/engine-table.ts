/** The engines, best first. To add an engine, add an entry to the table. */
import type { Engine, EngineName, EngineProbe } from './engine.js';

import { AutoEngine } from './auto/auto-engine.js';
import { LogicalEngine } from './logical/logical-engine.js';
import { PjrtEngine } from './pjrt/pjrt-engine.js';
import { PjrtSession } from './pjrt/pjrt-session.js';
import { probePjrt } from './pjrt/probe-pjrt.js';
import { probeTensorFlow } from './tensorflow/probe-tensorflow.js';
import { TensorFlowEngine } from './tensorflow/tensorflow-engine.js';

/** One engine. */
export interface EngineEntry {
  readonly name: EngineName;
  /** Describes it in one sentence, for `mirrorscope doctor`. */
  readonly summary: string;
  /** Whether it runs only where an option or a variable names it. */
  readonly isOptIn?: boolean;
  probe(): EngineProbe;
  /** Opens the engine. A process has one instance of it. */
  open(): Engine;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

const pjrtSession = new PjrtSession();
const openTensorFlow = once(() => new TensorFlowEngine());
const openPjrt = once(() => new PjrtEngine(pjrtSession, openTensorFlow()));

export const ENGINES: readonly EngineEntry[] = [
  {
    name: 'tensorflow',
    summary: 'Replicas run side by side on the devices of an installed TensorFlow library, by traced steps.',
    probe: probeTensorFlow,
    open: openTensorFlow,
  },
  {
    name: 'logical',
    summary: 'Replicas run one after another on the TensorFlow.js backend in use: same results, no speed-up.',
    probe: () => ({ available: true, reason: 'It needs nothing but TensorFlow.js.' }),
    open: once(() => new LogicalEngine()),
  },
  {
    name: 'pjrt',
    summary: 'Models train by XLA on the devices of a PJRT plugin. Experimental; TensorFlow records the steps.',
    isOptIn: true,
    probe: () => probePjrt(pjrtSession),
    open: openPjrt,
  },
  {
    name: 'auto',
    summary: 'Each step of a model runs on TensorFlow or on XLA, whichever is faster for it. Experimental.',
    isOptIn: true,
    probe: () => probePjrt(pjrtSession),
    open: once(() => new AutoEngine({ tensorFlow: openTensorFlow(), pjrt: openPjrt(), session: pjrtSession })),
  },
];
