/** Reads tags and signatures of a SavedModel from saved_model.pb. Reads files. */
import type { DataType } from '@tensorflow/tfjs';

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { exactTypeOf, nearestTypeOf } from '../backend/data-types.js';
import { DataTypeCode, dataTypeName, isDataTypeCode } from '../tensorflow/data-types-table.js';
import { Messages } from '../tensorflow/protobuf/messages.js';

/** One input or output of a signature. */
export interface SavedModelTensorInfo {
  /** The tensor's name in the graph, such as `serving_default_x:0`. */
  readonly name: string;
  /** The tfjs element type to which TensorFlow's is mapped. */
  readonly dtype: DataType;
  /** TensorFlow's element type, such as `DT_INT64`. */
  readonly tfDtype: string;
  /** Sizes; -1 for any size. Undefined for any rank. */
  readonly shape?: number[];
}

/** The inputs and outputs of a signature, by their names in the signature. */
export interface SignatureDefEntry {
  /** The inputs, by name. */
  readonly inputs: Readonly<Record<string, SavedModelTensorInfo>>;
  /** The outputs, by name. */
  readonly outputs: Readonly<Record<string, SavedModelTensorInfo>>;
}

/** One graph of a SavedModel. */
export interface MetaGraph {
  /** The tags that name the graph. */
  readonly tags: string[];
  /** Its signatures, by name. */
  readonly signatureDefs: Readonly<Record<string, SignatureDefEntry>>;
}

interface TensorInfoMessage {
  readonly name?: string;
  readonly dtype?: number;
  readonly tensor_shape?: { readonly dim?: readonly { readonly size?: string }[]; readonly unknown_rank?: boolean };
}

interface MetaGraphMessage {
  readonly meta_info_def?: { readonly tags?: readonly string[] };
  readonly signature_def?: Readonly<
    Record<
      string,
      { readonly inputs?: Record<string, TensorInfoMessage>; readonly outputs?: Record<string, TensorInfoMessage> }
    >
  >;
}

/** Types whose name in TensorFlow's enumeration is not our name in capitals. */
const TYPE_NAMES: ReadonlyMap<DataTypeCode, string> = new Map([[DataTypeCode.BFloat16, 'DT_BFLOAT16']]);

/** Names an element type as TensorFlow's enumeration does. */
function enumeratedName(code: number): string {
  if (!isDataTypeCode(code)) return 'DT_INVALID';
  return TYPE_NAMES.get(code) ?? `DT_${DataTypeCode[code].toUpperCase()}`;
}

/** Chooses the tfjs element type for a type of TensorFlow. tfjs-node uses `string` for resources and variants. */
function tfjsTypeOf(code: number): DataType {
  const known: DataTypeCode | undefined = isDataTypeCode(code) ? code : undefined;
  if (known === DataTypeCode.Resource || known === DataTypeCode.Variant) return 'string';
  if (known === undefined)
    throw new MirrorscopeError(
      ErrorCode.InvalidArgument,
      `TensorFlow.js has no element type for a ${dataTypeName(code)} tensor.`,
    );
  return exactTypeOf(known) ?? nearestTypeOf(known);
}

function tensorInfo({ name = '', dtype = 0, tensor_shape: shape }: TensorInfoMessage): SavedModelTensorInfo {
  const sizes = shape?.unknown_rank ? undefined : (shape?.dim ?? []).map(({ size }) => Number(size ?? 0));
  return { name, dtype: tfjsTypeOf(dtype), tfDtype: enumeratedName(dtype), ...(sizes ? { shape: sizes } : {}) };
}

function entries(infos: Record<string, TensorInfoMessage> | undefined): Record<string, SavedModelTensorInfo> {
  // An entry without a name stands for no tensor, such as the missing output of a function.
  return Object.fromEntries(
    Object.entries(infos ?? {})
      .filter(([, info]) => info.name !== undefined && info.name !== '')
      .map(([key, info]) => [key, tensorInfo(info)]),
  );
}

/**
 * Reads the graphs of a SavedModel with their tags and signatures, without loading the model.
 *
 * @param path - Folder of the SavedModel.
 * @returns The graphs.
 * @throws {MirrorscopeError} `FILE_ACCESS` when the folder has no SavedModel, or it is damaged.
 *
 * @example
 * ```ts
 * const [graph] = await tf.node.getMetaGraphsFromSavedModel('saved-model');
 * console.log(graph?.tags, Object.keys(graph?.signatureDefs ?? {}));
 * ```
 */
export async function getMetaGraphsFromSavedModel(path: string): Promise<MetaGraph[]> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(join(path, 'saved_model.pb')));
  } catch (cause) {
    throw new MirrorscopeError(ErrorCode.FileAccess, `There is no saved_model.pb file in the directory: ${path}`, {
      cause,
    });
  }
  let message: { readonly meta_graphs?: readonly MetaGraphMessage[] };
  try {
    message = new Messages().decode('SavedModel', bytes);
  } catch (cause) {
    throw new MirrorscopeError(
      ErrorCode.FileAccess,
      `${join(path, 'saved_model.pb')} is damaged: it is not a SavedModel message.`,
      { cause },
    );
  }
  return (message.meta_graphs ?? []).map((graph) => ({
    tags: [...(graph.meta_info_def?.tags ?? [])],
    signatureDefs: Object.fromEntries(
      Object.entries(graph.signature_def ?? {})
        .filter(([name]) => name !== '__saved_model_init_op')
        .map(([name, { inputs, outputs }]) => [name, { inputs: entries(inputs), outputs: entries(outputs) }]),
    ),
  }));
}
