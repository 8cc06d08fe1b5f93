/**
 * A step that all replicas run together: traced once for each shape of its inputs, then one function call for each
 * replica and step. Touches tfjs variables (reads and assigns them) and the replicas' queues.
 */
import type { TensorHandle } from '../tensorflow/tensor-handle.js';
import type { InFlightSteps } from './in-flight-steps.js';
import type { ReplicaFunction } from './replica-function.js';
import type { ReplicaPart } from './replica-part.js';
import type { ReplicatedStepOptions } from './step-options.js';
import type { Tensor } from '@tensorflow/tfjs';

import { learningRateOf, optimizerSettings } from '../tfjs/optimizer-members.js';
import { addSteps } from '../tfjs/optimizer-steps.js';

import { StepFunctions } from './step-functions.js';
import { StepInputs } from './step-inputs.js';
import { firstKeyOf } from './step-keys.js';
import { StepVariables } from './step-variables.js';
import { UntraceableError } from './untraceable-error.js';
import { describeStep, waitingCollective, type WatchedStep } from './watchdog/watched-step.js';

/** The functions of one step, with the first replica's apart. */
type StepFunctionList = readonly [ReplicaFunction, ...ReplicaFunction[]];

/** One step of one model (training, evaluation or prediction), or of a user's function. */
export class ReplicatedStep {
  readonly #name: string;
  readonly #options: ReplicatedStepOptions;
  readonly #functions: StepFunctions;
  readonly #inputs: StepInputs;
  readonly #variables: StepVariables;
  /** By the first replica's function. */
  readonly #watched = new WeakMap<
    ReplicaFunction,
    { readonly functions: readonly ReplicaFunction[]; readonly step: WatchedStep }
  >();
  /** How many times the step ran. Random operations in it draw from this counter. */
  steps = 0;

  /**
   * @param name - Names the step in errors: `train`, `test`, …
   * @param options - Shared with other steps.
   */
  constructor(name: string, options: ReplicatedStepOptions) {
    this.#name = name;
    this.#options = options;
    this.#functions = new StepFunctions(name, options);
    this.#inputs = new StepInputs(options);
    this.#variables = new StepVariables(options.environment);
  }

  /**
   * Makes the steps that `body` runs fail, and be undone, as one.
   *
   * @param body - Runs once.
   * @returns What `body` returns.
   */
  together<Result>(body: () => Result): Result {
    return this.#options.inFlight.together(body);
  }

  /**
   * Traces a step without running it.
   *
   * @param parts - As for {@link run}.
   * @param stateKey - As for {@link run}.
   * @throws {UntraceableError} when the step cannot be traced.
   */
  trace(parts: readonly ReplicaPart[], stateKey: string): void {
    this.#functions.find(parts, stateKey);
  }

  /**
   * Runs one step.
   *
   * @param parts - One for each replica, in replica order.
   * @param stateKey - Names the host state that the traces depend on; a new key causes a new trace.
   * @returns Each replica's results. The caller disposes of them.
   * @throws {UntraceableError} when the step cannot be traced; then nothing has changed.
   */
  run(parts: readonly ReplicaPart[], stateKey: string): Tensor[][] {
    const { inFlight, profiler } = this.#options;
    profiler.span('wait for a step', () => {
      inFlight.makeRoom();
    });
    return profiler.span(`dispatch ${this.#name}`, () => inFlight.explain(() => this.#launch(parts, stateKey)));
  }

  #launch(parts: readonly ReplicaPart[], stateKey: string): Tensor[][] {
    const functions = this.#functions.find(parts, stateKey);
    requireSameRendezvous(functions);
    requireSameWrites(functions);
    this.#compare(functions, parts);
    const step = this.steps++;
    const keyBase = firstKeyOf(functions, this.#options);
    // Prepare all inputs first: an op queued behind a function that waits for its peers would wait with it.
    const inputs = functions.map((fn, replica) => this.#inputs.prepare(fn, parts[replica], { replica, step, keyBase }));
    const { cancellation, outputs } = this.#start(
      functions,
      inputs.map(({ values }) => values),
    );
    for (const { temporary } of inputs) for (const handle of temporary) handle.dispose();
    this.#profile(functions, outputs);
    this.#commit(functions, outputs, cancellation);
    const { backend } = this.#options.environment;
    return functions.map((fn, replica) =>
      (outputs[replica] ?? []).slice(0, fn.resultCount).map((handle) => backend.tensorOf(handle)),
    );
  }

  /** Makes sure that the other processes run the same step. */
  #compare(functions: StepFunctionList, [part]: readonly ReplicaPart[]): void {
    const { peers } = this.#options.group;
    const [{ collectives, rendezvous, ownCollectives, optimizerSteps }] = functions;
    if (peers === undefined || collectives === 0) return;
    const rows = part?.globalRows;
    const optimizers = optimizerSettings(optimizerSteps.keys());
    const rates = [...optimizerSteps.keys()].flatMap((optimizer) => {
      const rate = learningRateOf(optimizer);
      return rate === undefined ? [] : `learning rate ${String(rate)}`;
    });
    const tensors = ownCollectives.flatMap((collective) => collective.tensors);
    // A process without rows does not know the names, and may have rows in a later step of as many.
    const names = rows === undefined ? tensors.map(({ name }) => name).join() : '';
    peers.check({
      name: this.#name,
      signature: `${this.#name} ${String(rows)} ${String(collectives)} ${rendezvous} ${optimizers} ${names}`,
      rows,
      exchanged: rendezvous.split(' '),
      tensors,
      optimizers: [optimizers, ...rates].join('; '),
      gradientType: this.#options.group.options.gradientType,
    });
  }

  /** Starts the function of each replica. */
  #start(functions: StepFunctionList, inputs: readonly (readonly TensorHandle[])[]) {
    const { inFlight, replicas, group } = this.#options;
    const cancellation =
      functions[0].collectives > 0
        ? inFlight.cancellationFor(() => this.#describe(functions), group.options.timeoutSeconds)
        : undefined;
    const start = (): TensorHandle[][] =>
      replicas.slice(0, functions.length).map(({ executor }, replica) => {
        const fn = functions[replica] as ReplicaFunction;
        const board = cancellation?.boards[replica]?.handle;
        const values = [...(board === undefined ? [] : [board]), ...(inputs[replica] ?? [])];
        return executor.executeKnown(fn.function.name, values, fn.outputs, cancellation);
      });
    const outputs = cancellation === undefined ? start() : inFlight.launch(cancellation, replicas, start);
    return { cancellation, outputs };
  }

  /** Assigns the new values of variables, and hands the step over to be watched until it ends. */
  #commit(
    functions: StepFunctionList,
    outputs: readonly TensorHandle[][],
    cancellation: ReturnType<InFlightSteps['cancellationFor']> | undefined,
  ): void {
    const { replicas, inFlight } = this.#options;
    const [{ optimizerSteps, writes }] = functions;
    addSteps(optimizerSteps);
    const undoWrites = this.#variables.write(
      writes,
      writes.map((_, index) =>
        outputs.flatMap((handles, replica) => handles[(functions[replica]?.resultCount ?? 0) + index] ?? []),
      ),
    );
    inFlight.add({
      name: this.#name,
      replicas: replicas.slice(0, functions.length),
      cancellation,
      results: outputs.flatMap(([handle]) => handle ?? []),
      peers: this.#options.group.peers,
      waitsIn: () => {
        const marks = cancellation?.boards.map((board) => board.read()) ?? [];
        return marks.length === 0 ? undefined : waitingCollective(this.#describe(functions), marks);
      },
      undo: () => {
        addSteps(new Map([...optimizerSteps].map(([optimizer, count]) => [optimizer, -count])));
        undoWrites.undo();
      },
      settle: () => {
        undoWrites.settle();
      },
    });
  }

  /** Removes the times from the outputs of functions that return them, and hands them to the profiler. */
  #profile(functions: StepFunctionList, outputs: readonly TensorHandle[][]): void {
    functions.forEach(({ timedCollectives }, replica) => {
      const target = this.#options.replicas[replica];
      if (timedCollectives === undefined || target === undefined) return;
      const handle = outputs[replica]?.pop();
      if (handle === undefined) return;
      const { device, executor } = target;
      this.#options.profiler.addStep({
        name: this.#name,
        replica,
        device: device.name,
        collectives: timedCollectives,
        handle,
        executor,
      });
    });
  }

  /** Describes the step for the watchdog. The same functions get the same object. */
  #describe(functions: StepFunctionList): WatchedStep {
    const [first] = functions;
    const known = this.#watched.get(first);
    if (known !== undefined && functions.every((fn, replica) => fn === known.functions[replica])) return known.step;
    const devices = this.#options.replicas.slice(0, functions.length).map(({ device }) => device.name);
    const step = describeStep(
      this.#name,
      devices,
      functions.map(({ ownCollectives }) => ownCollectives),
      first.collectives,
    );
    const described = { ...step, peers: this.#options.group.peers?.names };
    this.#watched.set(first, { functions, step: described });
    return described;
  }
}

/** Refuses functions that would wait for collectives which other replicas do not run, or run with other shapes. */
function requireSameRendezvous([first, ...others]: StepFunctionList): void {
  if (others.every(({ rendezvous }) => rendezvous === first.rendezvous)) return;
  throw new UntraceableError('allReduce', 'is not called alike on every replica');
}

/** Refuses functions that write different variables: a variable needs a new value on every replica. */
function requireSameWrites([first, ...others]: StepFunctionList): void {
  const isSame = ({ writes }: ReplicaFunction): boolean =>
    writes.length === first.writes.length && writes.every((variable, index) => variable === first.writes[index]);
  if (others.every((fn) => fn === first || isSame(fn))) return;
  throw new UntraceableError('assign', 'is not called for the same variables on every replica');
}
