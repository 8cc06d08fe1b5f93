/** Sets the attributes of ops in a graph. Touches the C API. */
import type { OpAttribute } from '../tensorflow/attributes.js';
import type { CApi } from '../tensorflow/c-api.js';
import type { Status } from '../tensorflow/status.js';

const utf8 = new TextEncoder();

/**
 * Packs numbers as the C API takes them.
 *
 * @param values - Whole numbers.
 * @returns An array that is never empty: the foreign-function interface needs an address also where the count is zero.
 */
export function int64Array(values: readonly number[]): BigInt64Array {
  return values.length === 0 ? new BigInt64Array(1) : BigInt64Array.from(values, BigInt);
}

/**
 * Sets an attribute of an op under construction.
 *
 * @param api - The C API.
 * @param operation - A `TF_OperationDescription*`.
 * @param attribute - The attribute.
 * @param status - Reports attributes that TensorFlow does not accept.
 * @throws {TensorFlowError} for a malformed serialized attribute.
 */
export function setGraphAttribute(api: CApi, operation: number, attribute: OpAttribute, status: Status): void {
  const { name } = attribute;
  switch (attribute.kind) {
    case 'int':
    case 'longInt':
      api.TF_SetAttrInt(operation, name, attribute.value);
      break;
    case 'float':
      api.TF_SetAttrFloat(operation, name, attribute.value);
      break;
    case 'bool':
      api.TF_SetAttrBool(operation, name, attribute.value ? 1 : 0);
      break;
    case 'type':
      api.TF_SetAttrType(operation, name, attribute.value);
      break;
    case 'string': {
      const bytes = utf8.encode(attribute.value);
      api.TF_SetAttrString(operation, name, bytes.length === 0 ? new Uint8Array(1) : bytes, bytes.length);
      break;
    }
    case 'function':
      api.TF_SetAttrFuncName(operation, name, attribute.value, attribute.value.length);
      break;
    case 'shape':
      api.TF_SetAttrShape(operation, name, int64Array(attribute.value), attribute.value.length);
      break;
    case 'intList':
      api.TF_SetAttrIntList(operation, name, int64Array(attribute.value), attribute.value.length);
      break;
    case 'floatList':
      api.TF_SetAttrFloatList(operation, name, Float32Array.from([...attribute.value, 0]), attribute.value.length);
      break;
    case 'typeList':
      api.TF_SetAttrTypeList(operation, name, Int32Array.from([...attribute.value, 0]), attribute.value.length);
      break;
    case 'proto':
      api.TF_SetAttrValueProto(operation, name, attribute.value, attribute.value.length, status.pointer);
      status.check(name);
      break;
  }
}
