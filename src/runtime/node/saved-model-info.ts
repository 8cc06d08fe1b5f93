/** What a SavedModel says about itself: tags and signatures, read from saved_model.pb. Touches the file system only. */
import type { DataType } from '@tensorflow/tfjs';

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { exactTypeOf, nearestTypeOf } from '../backend/data-types.js';
import { DataTypeCode } from '../tensorflow/data-types-table.js';
import { Messages } from '../tensorflow/protobuf/messages.js';

/** One input or output of a signature. */
export interface SavedModelTensorInfo {
  /** The tensor's name in the graph, e.g. `serving_default_x:0`. */
  readonly name: string;
  /** The tfjs element type that stands for TensorFlow's. */
  readonly dtype: DataType;
  /** TensorFlow's own, e.g. `DT_INT64`. */
  readonly tfDtype: string;
  /** -1 where any size goes; undefined for any rank. */
  readonly shape?: number[];
}

/** The inputs and outputs of a signature, by their names for callers. */
export interface SignatureDefEntry {
  readonly inputs: Readonly<Record<string, SavedModelTensorInfo>>;
  readonly outputs: Readonly<Record<string, SavedModelTensorInfo>>;
}

/** One graph of a SavedModel. */
export interface MetaGraph {
  readonly tags: string[];
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

/** Where the enumeration's name is not the code's name in capitals. */
const TYPE_NAMES: ReadonlyMap<DataTypeCode, string> = new Map([[DataTypeCode.BFloat16, 'DT_BFLOAT16']]);

function tensorInfo({ name = '', dtype = 0, tensor_shape: shape }: TensorInfoMessage): SavedModelTensorInfo {
  const code: DataTypeCode = dtype;
  const tfDtype = TYPE_NAMES.get(code) ?? `DT_${(DataTypeCode[code] ?? 'INVALID').toUpperCase()}`;
  const known =
    exactTypeOf(code) ??
    exactTypeOf(
      code === DataTypeCode.Resource || code === DataTypeCode.Variant ? DataTypeCode.String : nearestTypeOf(code),
    );
  const sizes = shape?.unknown_rank ? undefined : (shape?.dim ?? []).map(({ size }) => Number(size ?? 0));
  return { name, dtype: known as DataType, tfDtype, ...(sizes ? { shape: sizes } : {}) };
}

function entries(infos: Record<string, TensorInfoMessage> | undefined): Record<string, SavedModelTensorInfo> {
  // Signatures without a real tensor (a function's missing output) carry no name.
  return Object.fromEntries(
    Object.entries(infos ?? {})
      .filter(([, info]) => info.name !== undefined && info.name !== '')
      .map(([key, info]) => [key, tensorInfo(info)]),
  );
}

/**
 * The graphs of a SavedModel with their tags and signatures.
 * @throws MirrorscopeError `FILE_ACCESS` when there is no SavedModel at the path or it is damaged.
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
    message = new Messages().decode('SavedModel', bytes) as typeof message;
  } catch (cause) {
    throw new MirrorscopeError(
      ErrorCode.FileAccess,
      `${join(path, 'saved_model.pb')} is damaged: it is no SavedModel message.`,
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
