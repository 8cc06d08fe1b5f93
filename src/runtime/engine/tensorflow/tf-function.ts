/** `tfFunction`: a user's own function of tensors and variables as one TensorFlow function, as `tf.function` in Python. */
import type { Tensor } from '@tensorflow/tfjs';

import { MirrorscopeBackend } from '../../backend/mirrorscope-backend.js';
import { currentFrame } from '../../distribute/context.js';
import { isTensor, mapStructure } from '../../distribute/nest.js';
import { EagerExecutor } from '../../tensorflow/eager-executor.js';
import { ReplicatedStep, type ReplicatedStepOptions } from '../../trace/replicated-step.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

/** A place of a tensor in a structure whose tensors were taken out. */
class TensorPlace {
  readonly index: number;

  constructor(index: number) {
    this.index = index;
  }
}

/** Takes the tensors out of a structure. */
function split(structure: unknown): { tensors: Tensor[]; rest: unknown } {
  const tensors: Tensor[] = [];
  const rest = mapStructure(structure, (leaf) => (isTensor(leaf) && !isVariable(leaf) ? new TensorPlace(tensors.push(leaf as Tensor) - 1) : leaf));
  return { tensors, rest };
}

/** Puts tensors back where {@link split} took them from. */
function join(rest: unknown, tensors: readonly Tensor[]): unknown {
  return mapStructure(rest, (leaf) => (leaf instanceof TensorPlace ? tensors[leaf.index] : leaf));
}

function isVariable(leaf: unknown): boolean {
  return 'trainable' in (leaf as object) && 'assign' in (leaf as object);
}

/** Names values that are no tensors: primitives by value, anything else by identity. */
class ValueNames {
  readonly #numbers = new WeakMap<object, number>();
  #next = 0;

  keyOf(rest: unknown): string {
    const key: string[] = [];
    mapStructure([rest], (leaf) => {
      if (leaf instanceof TensorPlace) return key.push('#');
      if ((typeof leaf !== 'object' && typeof leaf !== 'function') || leaf === null) return key.push(`${typeof leaf}:${String(leaf)}`);
      const number = this.#numbers.get(leaf) ?? ++this.#next;
      this.#numbers.set(leaf, number);
      return key.push(`@${number}`);
    });
    return `${JSON.stringify(rest, (_, value: unknown) => (value instanceof TensorPlace ? '#' : value)) ?? ''}|${key.join(',')}`;
  }
}

/** What {@link makeTfFunction} needs of the engine. */
export interface TfFunctionHost {
  /** The backend in use, whatever it is. */
  backend(): unknown;
  /** The options of steps that run on the default device alone. */
  stepOptions(): ReplicatedStepOptions;
}

/** See {@link file://../../index.ts} `tfFunction`. */
export function makeTfFunction<Arguments extends readonly unknown[], Result>(
  host: TfFunctionHost,
  fn: (...args: Arguments) => Result,
): (...args: Arguments) => Result {
  const names = new ValueNames();
  const results = new Map<string, unknown>();
  let step: ReplicatedStep | undefined;
  let untraceable = false;

  const traced = (args: Arguments): Result => {
    const { tensors, rest } = split(args);
    const key = names.keyOf(rest);
    const signature = `${key}|${tensors.map(({ dtype, shape }) => `${dtype}${shape.join('x')}`).join(';')}`;
    step ??= new ReplicatedStep(fn.name || 'function', host.stepOptions());
    const [outputs = []] = step.run(
      [
        {
          key,
          data: tensors,
          body: (data) => {
            const result = split(fn(...(join(rest, data) as Arguments)));
            results.set(signature, result.rest);
            return result.tensors;
          },
        },
      ],
      '',
    );
    return join(results.get(signature), outputs) as Result;
  };

  return (...args) => {
    const backend = host.backend();
    // Inside a recording the calls become part of it; inside a replica they are the replica's own.
    const canTrace = backend instanceof MirrorscopeBackend && backend.executor instanceof EagerExecutor && currentFrame()?.replica === undefined;
    if (!canTrace || untraceable) return fn(...args);
    try {
      return traced(args);
    } catch (error) {
      if (!(error instanceof UntraceableError)) throw error;
      untraceable = true;
      console.warn(`mirrorscope: ${fn.name || 'a function'} runs eagerly because ${error.message}. The results are the same.\n${error.stack ?? ''}`);
      return fn(...args);
    }
  };
}
