/**
 * How many arguments an op takes, and which of them are lists: TensorFlow's own definitions, read on the first use of
 * each op. TensorFlow reads beyond the definition of an op that gets too many arguments. Calls the C API.
 */
import type { CApi } from './c-api.js';
import type { OpInput } from './op-executor.js';
import type { Messages, MessageValue } from './protobuf/messages.js';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

import { RESULT_SIZES, type ResultSize } from './result-sizes-table.js';
import { Status } from './status.js';

/** What is known of an op. */
export interface OpSignature {
  /** Address of its name. */
  readonly name: number;
  /**
   * For each argument that is a list, the least number of tensors in it; undefined for one that is no list. Undefined
   * for a function, whose callers know its arguments.
   */
  readonly lists: readonly (number | undefined)[] | undefined;
  /** Computes the size of its result, for an op that can make a large tensor of small ones. */
  readonly resultSize: ResultSize | undefined;
}

/** `TF_Buffer`: the address of the bytes, and their number. */
const BUFFER_HEADER_WORDS = 2;

/** Finds the arguments that are lists; their lengths are attributes of the op. */
function listsOf(definition: MessageValue | undefined): OpSignature['lists'] {
  if (definition === undefined) return undefined;
  const inputs = (definition['input_arg'] ?? []) as unknown as MessageValue[];
  const lengths = new Map(
    ((definition['attr'] ?? []) as unknown as MessageValue[]).map(({ name, minimum = 0 }) => [name, Number(minimum)]),
  );
  return inputs.map(({ number_attr, type_list_attr }) => {
    const attribute = number_attr ?? type_list_attr;
    return attribute === undefined ? undefined : (lengths.get(attribute) ?? 0);
  });
}

/** Looks up the signatures of ops. */
export class OpSignatures {
  readonly #api: CApi;
  readonly #messages: Messages;
  readonly #known = new Map<string, OpSignature>();
  /** Kept in a worker thread, which may be terminated between any two calls. Freed when the thread ends. */
  #keptGraph: number | undefined;

  constructor(api: CApi, messages: Messages) {
    this.#api = api;
    this.#messages = messages;
  }

  /**
   * Looks up an op.
   *
   * @param op - Name of the op, or of a function.
   * @returns Its signature.
   */
  of(op: string): OpSignature {
    return this.#known.get(op) ?? this.#add(op);
  }

  #add(op: string): OpSignature {
    const signature = {
      name: this.#api.memory.constantString(op),
      lists: listsOf(this.#read(op)),
      resultSize: RESULT_SIZES.get(op),
    };
    this.#known.set(op, signature);
    return signature;
  }

  #read(op: string): MessageValue | undefined {
    const api = this.#api;
    const graph = this.#openGraph();
    const buffer = api.TF_NewBuffer();
    const status = new Status(api);
    try {
      api.TF_GraphGetOpDef(graph, op, buffer, status.pointer);
      // A function is in the context and not in this graph.
      if (status.takeErrorIfAny(op) !== undefined) return undefined;
      const header = new BigUint64Array(BUFFER_HEADER_WORDS);
      api.memory.copyOut(header, buffer);
      const [data = 0n, length = 0n] = header;
      const bytes = new Uint8Array(Number(length));
      api.memory.copyOut(bytes, Number(data));
      return this.#messages.decode('OpDef', bytes);
    } finally {
      status.delete();
      api.TF_DeleteBuffer(buffer);
      // A graph has a thread, so it is not kept without need.
      if (graph !== this.#keptGraph) api.TF_DeleteGraph(graph);
    }
  }

  #openGraph(): number {
    const { threadEnd } = this.#api;
    if (this.#keptGraph !== undefined) return this.#keptGraph;
    const graph = this.#api.TF_NewGraph();
    if (!threadEnd.isSupported) return graph;
    threadEnd.call('TF_DeleteGraph', graph);
    this.#keptGraph = graph;
    return graph;
  }
}

/**
 * Checks the arguments of a call.
 *
 * @param op - Name of the op.
 * @param signature - Its signature.
 * @param inputs - The arguments.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` when their number is wrong, or one is a list and must not be one.
 */
export function checkArguments(op: string, { lists }: OpSignature, inputs: readonly OpInput[]): void {
  if (lists === undefined) return;
  // Lists at the end that may be empty may also be absent.
  const isShort = inputs.length < lists.length && lists.slice(inputs.length).some((least) => least !== 0);
  if (isShort || inputs.length > lists.length) {
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `${op} takes ${lists.length} arguments, but was called with ${inputs.length}.`,
    );
  }
  for (let index = 0; index < inputs.length; index++) {
    const argument = inputs[index];
    const least = lists[index];
    const length = Array.isArray(argument) ? argument.length : undefined;
    if (length === undefined ? least === undefined : least !== undefined && length >= least) continue;
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `${op}: argument ${index} must ${least === undefined ? 'not be a list' : `be a list of ${least} or more tensors`}.`,
    );
  }
}
