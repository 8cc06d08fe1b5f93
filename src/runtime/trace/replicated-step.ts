/**
 * A step that all replicas run together: recorded once for each shape of input, then one function call a replica and step.
 * Touches tfjs variables (reads and assigns them) and the replicas' queues.
 */
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { RandomFunctions } from '../tfjs/random-functions.js';
import type { InFlightSteps } from './in-flight-steps.js';
import type { Profiling } from './profiling.js';
import type { RecordingEnvironment } from './record-function.js';
import type { ReduceGroup } from './recorded-collectives.js';
import type { Tensor, Variable } from '@tensorflow/tfjs';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';
import { heldTensors, hyperparameterKey, learningRateOf } from '../tfjs/optimizer-members.js';
import { addSteps } from '../tfjs/optimizer-steps.js';

import { randomCounter } from './device-random.js';
import { replicaCopyOf, type ReplicaDevice } from './replica-device.js';
import { type Capture, makeReplicaFunction, type ReplicaFunction, type StepBody } from './replica-function.js';
import { TraceCache } from './trace-cache.js';
import { UntraceableError } from './untraceable-error.js';
import { warmUpPairs } from './warm-up-pairs.js';
import { boardType } from './watchdog/progress-board.js';
import { describeStep, type WatchedStep } from './watchdog/watched-step.js';

/** How many steps in a row have other instance keys. */
const KEY_GENERATIONS = 8;

/** From so many recordings on it is worth a word that each takes far longer than a step. */
const MANY_TRACES = 64;

/** What one replica is to do in a step. */
export interface ReplicaPart {
  /** Its rows of the batch; tensors of 0 rows where it gets none. */
  readonly data: readonly Tensor[];
  /** Further values, on the replica's own device: what an earlier step gave it. They follow the data. */
  readonly own?: readonly Tensor[];
  /** Parts with the same key run the same function: it names the shapes and whatever else the body depends on. */
  readonly key: string;
  readonly body: StepBody;
}

/** Gives out names and keys that must be fresh in a context. */
export interface UniqueIds {
  functionName(step: string): string;
  /** The first of `count` instance keys that no collective has used. */
  instanceKeys(count: number): number;
}

/** What every step of a strategy shares. */
export interface ReplicatedStepOptions {
  readonly place: RecordingEnvironment;
  readonly core: RandomFunctions;
  readonly places: readonly ReplicaDevice[];
  readonly group: ReduceGroup;
  readonly fresh: UniqueIds;
  readonly underWay: InFlightSteps;
  readonly profiling: Profiling;
  readonly seed: number;
}

/** One step of one model: training, evaluation or prediction. */
export class ReplicatedStep {
  readonly #name: string;
  readonly #options: ReplicatedStepOptions;
  readonly #functions = new TraceCache();
  /** By the first replica's function. */
  readonly #watched = new WeakMap<
    ReplicaFunction,
    { readonly functions: readonly ReplicaFunction[]; readonly step: WatchedStep }
  >();
  readonly #keyBases = new WeakMap<ReplicaFunction, { readonly first: number; readonly recoveries: number }>();
  #steps = 0;
  /** Steps, and those that were not recorded. */
  #asked = 0;
  /** How many times a step was recorded, for tests of retracing. */
  traceCount = 0;

  constructor(name: string, options: ReplicatedStepOptions) {
    this.#name = name;
    this.#options = options;
  }

  /** Runs `body`, whose steps fail, and are undone, as one. */
  together<Result>(body: () => Result): Result {
    return this.#options.underWay.together(body);
  }

  /**
   * Runs one step.
   * @param parts - One for each replica, in replica order.
   * @param stateKey - Names the host state that the recordings depend on; another key records anew.
   * @returns Each replica's results. The caller owns them.
   * @throws UntraceableError when the step cannot be recorded; then nothing has changed.
   */
  run(parts: readonly ReplicaPart[], stateKey: string): Tensor[][] {
    const { underWay, profiling } = this.#options;
    profiling.span('wait for a step', () => {
      underWay.makeRoom();
    });
    return profiling.span(`dispatch ${this.#name}`, () => underWay.explain(() => this.#launch(parts, stateKey)));
  }

  #launch(parts: readonly ReplicaPart[], stateKey: string): Tensor[][] {
    const { place, places, underWay } = this.#options;
    const { backend } = place;
    this.#asked++;
    const functions = parts.map((part, replica) => this.#functionFor(part, stateKey, replica));
    const first = functions[0] as ReplicaFunction;
    requireMeetings(functions);
    const step = this.#steps++;
    const keyBase = this.#keyBase(functions, step);

    // All inputs first: an op queued behind a function that waits for its peers would wait with it.
    const inputs = functions.map((fn, replica) =>
      this.#inputs(fn, parts[replica] as ReplicaPart, { replica, step, keyBase }),
    );
    const { timeoutSeconds } = this.#options.group.options;
    const cancellation =
      first.collectives > 0 ? underWay.cancellationFor(() => this.#watchedStep(functions), timeoutSeconds) : undefined;
    const start = (): TensorHandle[][] =>
      functions.map((fn, replica) => {
        const board = cancellation?.boards[replica]?.handle;
        const values = [...(board === undefined ? [] : [board]), ...(inputs[replica]?.values ?? [])];
        return (places[replica] as ReplicaDevice).executor.executeKnown(
          fn.function.name,
          values,
          fn.outputs,
          cancellation,
        );
      });
    const outputs = cancellation === undefined ? start() : underWay.launch(cancellation, places, start);
    for (const { temporary } of inputs) for (const handle of temporary) handle.dispose();
    this.#noteTimes(functions, outputs);
    addSteps(first.optimizerSteps);
    const before = first.writes.map((variable) => this.#pinned(variable));
    first.writes.forEach((variable, index) => {
      const values = outputs.map(
        (handles, replica) => handles[(functions[replica] as ReplicaFunction).resultCount + index] as TensorHandle,
      );
      this.#assign(variable, values);
    });
    underWay.add({
      name: this.#name,
      places: places.slice(0, parts.length),
      cancellation,
      results: outputs.flatMap(([handle]) => handle ?? []),
      undo: () => {
        addSteps(new Map([...first.optimizerSteps].map(([optimizer, count]) => [optimizer, -count])));
        first.writes.forEach((variable, index) => {
          this.#restore(variable, before[index] as TensorHandle);
        });
      },
      settle: () => {
        for (const handle of before) handle.unpin();
      },
    });
    return functions.map((fn, replica) =>
      (outputs[replica] ?? []).slice(0, fn.resultCount).map((handle) => backend.tensorOf(handle)),
    );
  }

  /** Hands over the last output of functions that tell when they ran. */
  #noteTimes(functions: readonly ReplicaFunction[], outputs: readonly TensorHandle[][]): void {
    functions.forEach(({ timedCollectives }, replica) => {
      if (timedCollectives === undefined) return;
      const { device, executor } = this.#options.places[replica] as ReplicaDevice;
      const handle = outputs[replica]?.pop() as TensorHandle;
      this.#options.profiling.addStep({
        name: this.#name,
        replica,
        device: device.name,
        collectives: timedCollectives,
        handle,
        executor,
      });
    });
  }

  /**
   * The first instance key of a step. TensorFlow remembers the shape of each key for good, so a function uses a few of its own again
   * and again; more generations than steps can be under way.
   */
  #keyBase(functions: readonly ReplicaFunction[], step: number): number {
    const [fn] = functions as readonly [ReplicaFunction];
    if (fn.collectives === 0) return 0;
    const { fresh, underWay, places, group } = this.#options;
    const { recoveries } = underWay;
    const known = this.#keyBases.get(fn);
    // Messages of a collective that was cancelled may lie around under its key.
    if (known?.recoveries === recoveries) return known.first + (step % KEY_GENERATIONS) * fn.collectives;
    const first = fresh.instanceKeys(fn.collectives * KEY_GENERATIONS);
    const generations = Array.from({ length: KEY_GENERATIONS }, (_, generation) => first + generation * fn.collectives);
    warmUpPairs(
      { places, firstReplica: group.firstReplica },
      functions.flatMap(({ sent }) => sent),
      generations,
    );
    this.#keyBases.set(fn, { first, recoveries });
    return first + (step % KEY_GENERATIONS) * fn.collectives;
  }

  /** The step in words, the same object for the same functions. */
  #watchedStep(functions: readonly ReplicaFunction[]): WatchedStep {
    const [first] = functions as readonly [ReplicaFunction];
    const known = this.#watched.get(first);
    if (known !== undefined && functions.every((fn, replica) => fn === known.functions[replica])) return known.step;
    const devices = this.#options.places.slice(0, functions.length).map(({ device }) => device.name);
    const step = describeStep(
      this.#name,
      devices,
      functions.map(({ ownCollectives }) => ownCollectives),
      first.collectives,
    );
    this.#watched.set(first, { functions, step });
    return step;
  }

  #functionFor(part: ReplicaPart, stateKey: string, replica: number): ReplicaFunction {
    const given = [...part.data, ...(part.own ?? [])];
    if (given.some(({ isDisposed }) => isDisposed))
      throw new MirrorscopeError(ErrorCode.InvalidArgument, `A tensor that ${this.#name} is given is disposed.`);
    const shapes = given.map(({ dtype, shape }) => `${dtype}[${shape.join(',')}]`).join(';');
    const { place, places, core, group, fresh, seed, profiling } = this.#options;
    const role = group.transfers === undefined ? 'any' : String(group.firstReplica + replica);
    const timed = profiling.isOn;
    const key = `${stateKey}|${part.key}|${role}|${shapes}|${timed ? 'timed' : ''}`;
    const known = this.#functions.get(key, this.#asked);
    if (known !== undefined) {
      if (known.hyperparameters === hyperparameterKey(known.optimizerSteps.keys())) return known;
      this.#functions.drop(key);
    }
    this.#functions.requireRoom(key, this.#asked);
    const name = fresh.functionName(this.#name);
    const made = profiling.span(`record ${this.#name}`, () =>
      makeReplicaFunction({
        place,
        core,
        group,
        replica: group.firstReplica + replica,
        seed,
        boardType: boardType(places.map(({ device }) => device)),
        timed,
        name,
        data: given,
        body: part.body,
      }),
    );
    this.traceCount++;
    if (this.traceCount === MANY_TRACES) warnOfRecordings(this.#name, MANY_TRACES);
    this.#functions.set(key, made, this.#asked);
    return made;
  }

  #inputs(
    fn: ReplicaFunction,
    part: ReplicaPart,
    { replica, step, keyBase }: { replica: number; step: number; keyBase: number },
  ): { values: TensorHandle[]; temporary: TensorHandle[] } {
    const { place, places, group } = this.#options;
    const { backend, context } = place;
    const local = (handle: TensorHandle): TensorHandle => replicaCopyOf(context, handle, places, replica);
    const scalars = [
      ...(fn.usesCounter
        ? [
            backend.executor.fromHost(
              randomCounter(step, group.firstReplica + replica, group.size),
              [2],
              DataTypeCode.UInt64,
            ),
          ]
        : []),
      ...(fn.usesKeys ? [backend.executor.fromHost(Int32Array.of(keyBase), [], DataTypeCode.Int32)] : []),
      ...fn.learningRates.map(({ optimizer, factor }) =>
        backend.executor.fromHost(Float32Array.of(factor * (learningRateOf(optimizer) ?? 0)), [], DataTypeCode.Float),
      ),
    ] as TensorHandle[];
    const data = part.data.map((tensor) => {
      const handle = backend.handleOf(tensor) as TensorHandle;
      return replica === 0 ? handle : context.copyToDevice(handle, (places[replica] as ReplicaDevice).device);
    });
    const own = (part.own ?? []).map((tensor) => backend.handleOf(tensor) as TensorHandle);
    const value = (capture: Capture): TensorHandle => {
      if (capture.kind === 'constant') return local(capture.handle);
      const tensor =
        capture.kind === 'variable' ? capture.variable : (heldTensors(capture.optimizer).get(capture.member) as Tensor);
      return local(backend.handleOf(tensor) as TensorHandle);
    };
    return {
      values: [...data, ...own, ...scalars, ...fn.captures.map(value)],
      temporary: replica === 0 ? scalars : [...scalars, ...data],
    };
  }

  /** The value of a variable, which outlives the next assignment. */
  #pinned(variable: Variable): TensorHandle {
    const handle = this.#options.place.backend.handleOf(variable) as TensorHandle;
    handle.pin();
    return handle;
  }

  #restore(variable: Variable, handle: TensorHandle): void {
    const { backend, context, tf } = this.#options.place;
    if (variable.isDisposed) return;
    if (!handle.isDisposed) {
      // Another variable has the same value: it goes on owning this handle.
      tf.tidy(() => {
        variable.assign(backend.tensorOf(context.share(handle)));
      });
      return;
    }
    handle.revive();
    tf.tidy(() => {
      variable.assign(backend.tensorOf(handle));
    });
    // settle() takes this one off again.
    handle.pin();
  }

  #assign(variable: Variable, [primary, ...mirrors]: readonly TensorHandle[]): void {
    const { backend, tf } = this.#options.place;
    if (primary === undefined) return;
    primary.mirrors = mirrors;
    tf.tidy(() => {
      variable.assign(backend.tensorOf(primary));
    });
  }
}

function warnOfRecordings(name: string, count: number): void {
  console.warn(
    `mirrorscope: "${name}" was recorded ${String(count)} times, and will be again: each shape of its tensors, each number or text among its arguments and each compile ` +
      'is recorded for itself, which takes far longer than a step. Pass numbers that change as tensors, and pad inputs to a few shapes.',
  );
}

/** @throws UntraceableError when replicas would wait for collectives that others do not come to, or come to with other shapes. */
function requireMeetings([first, ...others]: readonly ReplicaFunction[]): void {
  if (others.every(({ meetings }) => meetings === first?.meetings)) return;
  throw new UntraceableError('allReduce', 'is not called alike on every replica');
}
