/**
 * A step as one executable of XLA: records each replica's part, writes StableHLO, compiles it. Touches what
 * recordProgram touches.
 */
import type { PjrtClient } from '../../pjrt/pjrt-client.js';
import type { PjrtDevice } from '../../pjrt/pjrt-device.js';
import type { PjrtExecutable } from '../../pjrt/pjrt-executable.js';
import type { Handle } from '../../tensorflow/op-executor.js';
import type { ReplicaPart } from '../../trace/replica-part.js';
import type { ReplicatedStepOptions } from '../../trace/step-options.js';
import type { Trace } from '../../trace/trace-cache.js';

import { hyperparameterKey } from '../../tfjs/optimizer-members.js';
import { copiesOf } from '../../tfjs/replica-copies.js';
import { simplifyProgram } from '../../trace/passes/optimize-program.js';
import { capturesOf, type Program } from '../../trace/program.js';
import { type Capture, captureSources, recordProgram, type StepProgram } from '../../trace/record-program.js';
import { UntraceableError } from '../../trace/untraceable-error.js';

import { type LoweredPart, lowerPrograms } from './lowering/lower-program.js';
import { NoLoweringError } from './lowering/no-lowering-error.js';

/** The recording of one replica's part. */
export interface RecordedPart extends StepProgram {
  /** Where the values come from that follow the parameters. */
  readonly captures: readonly Capture[];
  readonly captured: readonly Handle[];
}

/** A step that is compiled. */
export interface StepPlan extends Trace {
  readonly executable: PjrtExecutable;
  /** In replica order. Replicas with equal parts share a recording. */
  readonly parts: readonly [RecordedPart, ...RecordedPart[]];
  /** The device of each replica. In a joint plan, all are the first one. */
  readonly devices: readonly PjrtDevice[];
  /** Whether one program runs all replicas on one device, because their parts differ. */
  readonly isJoint: boolean;
  /** In a joint plan: by replica, how many results it has, including the new values of variables. */
  readonly resultCounts: readonly number[];
  readonly hyperparameters: string;
}

/** What compiles steps. */
export interface StepCompiler {
  readonly client: PjrtClient;
  /** Programs with more operations are refused. */
  readonly mostOperations?: number | undefined;
}

/** Collectives of XLA need no keys. */
function simplify(program: Program): Program {
  const operations = program.operations.map((operation) =>
    operation.op === 'CollectiveReduceV2' ? { ...operation, inputs: operation.inputs.slice(0, 1) } : operation,
  );
  return simplifyProgram({ ...program, operations });
}

/** Handles read their shapes on first access, and these do not outlive the recording. */
function readSignatures(handles: readonly Handle[]): void {
  handles.forEach(({ shape, dtype }) => [shape, dtype]);
}

function record(options: ReplicatedStepOptions, part: ReplicaPart, replica: number): RecordedPart {
  const { environment, core, group, seed } = options;
  const data = [...part.data, ...(part.own ?? [])];
  const recordOptions = {
    environment,
    core,
    // XLA adds up values by itself, whatever the algorithm of the strategy.
    group: { ...group, transfers: undefined },
    replica: group.firstReplica + replica,
    seed,
    data,
    body: part.body,
  };
  return recordProgram(recordOptions, simplify, (recorded) => {
    const { program, step } = recorded;
    const known = new Set<Handle>([...program.parameters, ...program.constants.keys()]);
    const captured = capturesOf(program.operations, program.results, known);
    readSignatures([...program.parameters, ...captured, ...program.results]);
    return { ...recorded, captured, captures: captureSources(environment, captured, step) };
  });
}

/** All replicas of a joint program write the same values of a mirrored variable: those of the first are used. */
function jointResults({ program, step }: RecordedPart, replica: number): readonly Handle[] {
  const { results, writes } = step.recording;
  // The passes may have replaced the values that the recording returned.
  const written = program.results.slice(results.length);
  const isOwn = [...writes.keys()].map((variable) => replica === 0 || copiesOf(variable) !== undefined);
  return [...program.results.slice(0, results.length), ...written.filter((_, index) => isOwn[index])];
}

/** Refuses parts that would wait for collectives which other replicas do not run, or that write other variables. */
function requireAlike([first, ...others]: readonly RecordedPart[]): void {
  const rendezvousOf = ({ step }: RecordedPart): string => step.collectives.rendezvous.join(' ');
  const writesOf = ({ step }: RecordedPart): readonly unknown[] => [...step.recording.writes.keys()];
  for (const other of others) {
    if (first === undefined || other === first) continue;
    if (rendezvousOf(other) !== rendezvousOf(first))
      throw new UntraceableError('allReduce', 'is not called alike on every replica');
    const [one, two] = [writesOf(first), writesOf(other)];
    if (one.length !== two.length || one.some((variable, index) => variable !== two[index]))
      throw new UntraceableError('assign', 'is not called for the same variables on every replica');
  }
}

/**
 * Makes the plan of a step.
 *
 * @param options - The options of the step.
 * @param compiler - Compiles it, unless it is too large.
 * @param replicaParts - What each replica does, in replica order, each with a key that equal parts share.
 * @returns The plan. The caller disposes of it.
 * @throws {UntraceableError} when a part cannot be recorded.
 * @throws {NoLoweringError} when an op cannot be written in StableHLO.
 */
export function makeStepPlan(
  options: ReplicatedStepOptions,
  { client, mostOperations = Infinity }: StepCompiler,
  replicaParts: readonly { readonly key: string; readonly part: ReplicaPart }[],
): StepPlan {
  const byKey = new Map<string, RecordedPart>();
  const parts = replicaParts.map(({ key, part }, replica) => {
    const recorded = byKey.get(key) ?? record(options, part, replica);
    byKey.set(key, recorded);
    return recorded;
  });
  const [first, ...others] = parts;
  if (first === undefined) throw new RangeError('a step has one part or more');
  requireAlike(parts);
  const isJoint = byKey.size > 1;
  const lowered: LoweredPart[] = (isJoint ? parts : [first]).map((part, replica) => ({
    program: { ...part.program, results: jointResults(part, replica) },
    captures: part.captured,
  }));
  const operations = lowered.reduce((count, { program }) => count + program.operations.length, 0);
  if (operations > mostOperations)
    throw new NoLoweringError(`a program of ${String(operations)} operations, which takes long to compile`);
  const devices = parts.map((_, replica) => client.deviceAt(isJoint ? 0 : deviceIndex(options, replica)));
  const executable = client.compile({
    text: lowerPrograms(lowered, { replicas: isJoint ? 1 : parts.length }),
    results: lowered.flatMap(({ program }) =>
      program.results.map(({ dtype, shape }) => ({ dtype, shape: [...shape] })),
    ),
    devices: isJoint ? devices.slice(0, 1) : devices,
  });
  return {
    executable,
    parts: [first, ...others],
    devices,
    isJoint,
    resultCounts: lowered.map(({ program }) => program.results.length),
    hyperparameters: hyperparameterKey(first.step.optimizerSteps.keys()),
    dispose() {
      executable.dispose();
      for (const { captures } of byKey.values())
        for (const capture of captures) if (capture.kind === 'constant') capture.handle.dispose();
    },
  };
}

/** The strategy's devices have the same numbers as those of XLA. */
function deviceIndex({ replicas }: ReplicatedStepOptions, replica: number): number {
  return Number(replicas[replica]?.device.name.split(':').at(-1) ?? replica);
}
