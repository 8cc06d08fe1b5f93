/**
 * The functions of TensorFlow's C API that the runtime calls: result and parameters. To call another one, add it here.
 * Data only. Sources: tensorflow/c/c_api.h, c_api_experimental.h, tf_tensor.h, tf_status.h, tf_tstring.h,
 * eager/c_api.h, eager/c_api_experimental.h.
 *
 * Pointers are JavaScript numbers: user-space addresses are below 2^53, and unlike a BigInt a number needs no
 * allocation.
 */
import type { DataTypeCode } from './data-types-table.js';
import type { StatusCode } from './status-code.js';

/** The C type of a parameter or a result. `bytes` is a typed array whose memory the call reads or writes. */
export type CType = keyof CTypeValues;

/** `TF_Output` of c_api.h: one output of a graph operation. */
export interface GraphOutput {
  readonly oper: number;
  readonly index: number;
}

/** The JavaScript type of each {@link CType}. */
export interface CTypeValues {
  void: undefined;
  pointer: number;
  int32: number;
  dataType: DataTypeCode;
  statusCode: StatusCode;
  int64: number;
  size: number;
  float: number;
  bool: number;
  string: string;
  bytes: ArrayBufferView;
  output: GraphOutput;
}

/** One function. The loader finds out which library of a Python wheel exports it. */
export interface CDeclaration<R extends CType = CType, P extends readonly CType[] = readonly CType[]> {
  readonly result: R;
  readonly parameters: P;
}

function declare<R extends CType, const P extends readonly CType[]>(result: R, ...parameters: P): CDeclaration<R, P> {
  return { result, parameters };
}

export const C_DECLARATIONS = {
  TF_Version: declare('string'),
  TF_NewStatus: declare('pointer'),
  TF_DeleteStatus: declare('void', 'pointer'),
  TF_GetCode: declare('statusCode', 'pointer'),
  TF_Message: declare('string', 'pointer'),
  TF_SetStatus: declare('void', 'pointer', 'statusCode', 'string'),
  TF_NewBuffer: declare('pointer'),
  TF_NewBufferFromString: declare('pointer', 'bytes', 'size'),
  TF_DeleteBuffer: declare('void', 'pointer'),

  TF_AllocateTensor: declare('pointer', 'dataType', 'pointer', 'int32', 'size'),
  TF_DeleteTensor: declare('void', 'pointer'),
  TF_TensorData: declare('pointer', 'pointer'),
  TF_TensorByteSize: declare('size', 'pointer'),
  TF_TensorElementCount: declare('int64', 'pointer'),
  TF_TensorType: declare('dataType', 'pointer'),
  TF_NumDims: declare('int32', 'pointer'),
  TF_Dim: declare('int64', 'pointer', 'int32'),
  TF_StringInit: declare('void', 'pointer'),
  TF_StringCopy: declare('void', 'pointer', 'bytes', 'size'),
  TF_StringGetDataPointer: declare('pointer', 'pointer'),
  TF_StringGetSize: declare('size', 'pointer'),
  TF_StringDealloc: declare('void', 'pointer'),

  TFE_NewContextOptions: declare('pointer'),
  TFE_DeleteContextOptions: declare('void', 'pointer'),
  TFE_ContextOptionsSetConfig: declare('void', 'pointer', 'bytes', 'size', 'pointer'),
  TFE_ContextOptionsSetAsync: declare('void', 'pointer', 'bool'),
  TFE_ContextOptionsSetDevicePlacementPolicy: declare('void', 'pointer', 'int32'),
  TFE_NewContext: declare('pointer', 'pointer', 'pointer'),
  TFE_DeleteContext: declare('void', 'pointer'),
  TFE_ContextListDevices: declare('pointer', 'pointer', 'pointer'),
  TFE_ContextClearCaches: declare('void', 'pointer'),
  TFE_ContextAddFunction: declare('void', 'pointer', 'pointer', 'pointer'),
  TFE_ContextAddFunctionDef: declare('void', 'pointer', 'bytes', 'size', 'pointer'),
  TFE_ContextRemoveFunction: declare('void', 'pointer', 'string', 'pointer'),
  TFE_ContextHasFunction: declare('bool', 'pointer', 'string'),
  TFE_ContextStartStep: declare('void', 'pointer'),
  TFE_ContextEndStep: declare('void', 'pointer'),
  TFE_ContextEnableRunMetadata: declare('void', 'pointer'),
  TFE_ContextDisableRunMetadata: declare('void', 'pointer'),
  TFE_ContextExportRunMetadata: declare('void', 'pointer', 'pointer', 'pointer'),
  TFE_ContextSetSoftDevicePlacement: declare('void', 'pointer', 'bool', 'pointer'),
  TFE_ContextSetServerDef: declare('void', 'pointer', 'int32', 'bytes', 'size', 'pointer'),
  TFE_EnableCollectiveOps: declare('void', 'pointer', 'bytes', 'size', 'pointer'),
  TFE_AbortCollectiveOps: declare('void', 'pointer', 'pointer'),
  TFE_CollectiveOpsCheckPeerHealth: declare('void', 'pointer', 'string', 'int64', 'pointer'),
  TFE_InsertConfigKeyValue: declare('void', 'pointer', 'string', 'string', 'pointer'),
  TFE_GetConfigKeyValue: declare('void', 'pointer', 'string', 'int64', 'pointer', 'pointer'),
  TFE_DeleteConfigKeyValue: declare('void', 'pointer', 'string', 'pointer'),
  TFE_WaitAtBarrier: declare('void', 'pointer', 'string', 'int64', 'pointer'),
  TF_DeviceListCount: declare('int32', 'pointer'),
  TF_DeviceListName: declare('string', 'pointer', 'int32', 'pointer'),
  TF_DeviceListType: declare('string', 'pointer', 'int32', 'pointer'),
  TF_DeviceListMemoryBytes: declare('int64', 'pointer', 'int32', 'pointer'),
  TF_DeleteDeviceList: declare('void', 'pointer'),

  TFE_NewExecutor: declare('pointer', 'bool', 'bool', 'int32'),
  TFE_DeleteExecutor: declare('void', 'pointer'),
  TFE_ContextGetExecutorForThread: declare('pointer', 'pointer'),
  TFE_ContextSetExecutorForThread: declare('void', 'pointer', 'pointer'),
  TFE_ExecutorWaitForAllPendingNodes: declare('void', 'pointer', 'pointer'),
  TFE_ExecutorClearError: declare('void', 'pointer'),

  TFE_NewCancellationManager: declare('pointer'),
  TFE_DeleteCancellationManager: declare('void', 'pointer'),
  TFE_CancellationManagerStartCancel: declare('void', 'pointer'),
  TFE_OpSetCancellationManager: declare('void', 'pointer', 'pointer', 'pointer'),

  TFE_NewTensorHandle: declare('pointer', 'pointer', 'pointer'),
  TFE_DeleteTensorHandle: declare('void', 'pointer'),
  TFE_TensorHandleDataType: declare('dataType', 'pointer'),
  TFE_TensorHandleNumDims: declare('int32', 'pointer', 'pointer'),
  TFE_TensorHandleDim: declare('int64', 'pointer', 'int32', 'pointer'),
  TFE_TensorHandleDeviceName: declare('string', 'pointer', 'pointer'),
  TFE_TensorHandleBackingDeviceName: declare('string', 'pointer', 'pointer'),
  TFE_TensorHandleResolve: declare('pointer', 'pointer', 'pointer'),
  TFE_TensorHandleCopyToDevice: declare('pointer', 'pointer', 'pointer', 'pointer', 'pointer'),
  TFE_TensorHandleCopySharingTensor: declare('pointer', 'pointer', 'pointer'),

  TFE_NewOp: declare('pointer', 'pointer', 'pointer', 'pointer'),
  TFE_OpReset: declare('void', 'pointer', 'pointer', 'pointer', 'pointer'),
  TFE_DeleteOp: declare('void', 'pointer'),
  TFE_OpSetDevice: declare('void', 'pointer', 'pointer', 'pointer'),
  TFE_OpAddInput: declare('void', 'pointer', 'pointer', 'pointer'),
  TFE_OpAddInputList: declare('void', 'pointer', 'pointer', 'int32', 'pointer'),
  TFE_OpGetAttrs: declare('pointer', 'pointer'),
  TFE_OpAddAttrs: declare('void', 'pointer', 'pointer'),
  TFE_OpSetAttrString: declare('void', 'pointer', 'string', 'bytes', 'size'),
  TFE_OpSetAttrStringList: declare('void', 'pointer', 'string', 'bytes', 'bytes', 'int32'),
  TFE_OpSetAttrInt: declare('void', 'pointer', 'string', 'int64'),
  TFE_OpSetAttrFloat: declare('void', 'pointer', 'string', 'float'),
  TFE_OpSetAttrBool: declare('void', 'pointer', 'string', 'bool'),
  TFE_OpSetAttrType: declare('void', 'pointer', 'string', 'dataType'),
  TFE_OpSetAttrShape: declare('void', 'pointer', 'string', 'bytes', 'int32', 'pointer'),
  TFE_OpSetAttrFunctionName: declare('void', 'pointer', 'string', 'string', 'size'),
  TFE_OpSetAttrIntList: declare('void', 'pointer', 'string', 'bytes', 'int32'),
  TFE_OpSetAttrFloatList: declare('void', 'pointer', 'string', 'bytes', 'int32'),
  TFE_OpSetAttrTypeList: declare('void', 'pointer', 'string', 'bytes', 'int32'),
  TFE_OpSetAttrValueProto: declare('void', 'pointer', 'string', 'bytes', 'size', 'pointer'),
  TFE_Execute: declare('void', 'pointer', 'pointer', 'pointer', 'pointer'),

  TF_NewGraph: declare('pointer'),
  TF_DeleteGraph: declare('void', 'pointer'),
  TF_GraphGetOpDef: declare('void', 'pointer', 'string', 'pointer', 'pointer'),
  TF_NewOperation: declare('pointer', 'pointer', 'string', 'string'),
  TF_SetDevice: declare('void', 'pointer', 'string'),
  TF_AddInput: declare('void', 'pointer', 'output'),
  TF_AddInputList: declare('void', 'pointer', 'bytes', 'int32'),
  TF_AddControlInput: declare('void', 'pointer', 'pointer'),
  TF_FinishOperation: declare('pointer', 'pointer', 'pointer'),
  TF_SetAttrString: declare('void', 'pointer', 'string', 'bytes', 'size'),
  TF_SetAttrStringList: declare('void', 'pointer', 'string', 'bytes', 'bytes', 'int32'),
  TF_SetAttrInt: declare('void', 'pointer', 'string', 'int64'),
  TF_SetAttrFloat: declare('void', 'pointer', 'string', 'float'),
  TF_SetAttrBool: declare('void', 'pointer', 'string', 'bool'),
  TF_SetAttrType: declare('void', 'pointer', 'string', 'dataType'),
  TF_SetAttrShape: declare('void', 'pointer', 'string', 'bytes', 'int32'),
  TF_SetAttrTensor: declare('void', 'pointer', 'string', 'pointer', 'pointer'),
  TF_SetAttrFuncName: declare('void', 'pointer', 'string', 'string', 'size'),
  TF_SetAttrIntList: declare('void', 'pointer', 'string', 'bytes', 'int32'),
  TF_SetAttrFloatList: declare('void', 'pointer', 'string', 'bytes', 'int32'),
  TF_SetAttrTypeList: declare('void', 'pointer', 'string', 'bytes', 'int32'),
  TF_SetAttrValueProto: declare('void', 'pointer', 'string', 'bytes', 'size', 'pointer'),
  TF_OperationName: declare('string', 'pointer'),
  TF_GraphOperationByName: declare('pointer', 'pointer', 'string'),
  TF_GraphToFunction: declare(
    'pointer',
    'pointer',
    'string',
    'bool',
    'int32',
    'pointer',
    'int32',
    'bytes',
    'int32',
    'bytes',
    'pointer',
    'pointer',
    'pointer',
    'pointer',
  ),
  TF_DeleteFunction: declare('void', 'pointer'),
  TF_FunctionToFunctionDef: declare('void', 'pointer', 'pointer', 'pointer'),
  TF_OperationNumOutputs: declare('int32', 'pointer'),

  TF_NewSessionOptions: declare('pointer'),
  TF_DeleteSessionOptions: declare('void', 'pointer'),
  TF_SetConfig: declare('void', 'pointer', 'bytes', 'size', 'pointer'),
  TF_LoadSessionFromSavedModel: declare(
    'pointer',
    'pointer',
    'pointer',
    'string',
    'bytes',
    'int32',
    'pointer',
    'pointer',
    'pointer',
  ),
  TF_CloseSession: declare('void', 'pointer', 'pointer'),
  TF_DeleteSession: declare('void', 'pointer', 'pointer'),
  TF_SessionRun: declare(
    'void',
    'pointer',
    'pointer',
    'bytes',
    'bytes',
    'int32',
    'bytes',
    'bytes',
    'int32',
    'bytes',
    'int32',
    'pointer',
    'pointer',
  ),
} as const;

/** The name of a function in the table. */
export type CFunctionName = keyof typeof C_DECLARATIONS;
