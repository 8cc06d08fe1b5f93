/** The engines, best first. To add an engine, add an entry to the table. */
import type { Engine, EngineName, EngineProbe } from './engine.js';

import { LogicalEngine } from './logical/logical-engine.js';
import { probeTensorFlow } from './tensorflow/probe-tensorflow.js';
import { TensorFlowEngine } from './tensorflow/tensorflow-engine.js';

/** One engine. */
export interface EngineEntry {
  readonly name: EngineName;
  /** Describes it in one sentence, for `mirrorscope doctor`. */
  readonly summary: string;
  probe(): EngineProbe;
  /** Opens the engine. A process has one instance of it. */
  open(): Engine;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

export const ENGINES: readonly EngineEntry[] = [
  {
    name: 'tensorflow',
    summary: 'Replicas run side by side on the devices of an installed TensorFlow library, by traced steps.',
    probe: probeTensorFlow,
    open: once(() => new TensorFlowEngine()),
  },
  {
    name: 'logical',
    summary: 'Replicas run one after another on the TensorFlow.js backend in use: same results, no speed-up.',
    probe: () => ({ available: true, reason: 'It needs nothing but TensorFlow.js.' }),
    open: once(() => new LogicalEngine()),
  },
];
