/** Encodes the attributes of ops for TensorFlow, once per op and attribute set. Calls the C API. */
import type { AttributeSet, OpAttribute } from './attributes.js';
import type { CApi } from './c-api.js';
import type { Status } from './status.js';

import { checkInt32, checkInteger, checkNumber } from './native-checks.js';

/** Enough for every kernel and shape of a large model. A full cache is emptied. */
const MAX_TEMPLATES = 8192;

const utf8 = new TextEncoder();

function int64Bytes(values: readonly number[]): BigInt64Array {
  values.forEach(checkInt32);
  return BigInt64Array.from(values, (value) => BigInt(Math.trunc(value)));
}

function setAttribute(api: CApi, op: number, attribute: OpAttribute, status: Status): void {
  const { name } = attribute;
  switch (attribute.kind) {
    case 'int':
      checkInt32(attribute.value);
      api.TFE_OpSetAttrInt(op, name, Math.trunc(attribute.value));
      break;
    case 'longInt':
      checkInteger(attribute.value);
      api.TFE_OpSetAttrInt(op, name, attribute.value);
      break;
    case 'float':
      checkNumber(attribute.value);
      api.TFE_OpSetAttrFloat(op, name, attribute.value);
      break;
    case 'bool':
      api.TFE_OpSetAttrBool(op, name, attribute.value ? 1 : 0);
      break;
    case 'type':
      api.TFE_OpSetAttrType(op, name, attribute.value);
      break;
    case 'function':
      api.TFE_OpSetAttrFunctionName(op, name, attribute.value, attribute.value.length);
      break;
    case 'string': {
      const bytes = utf8.encode(attribute.value);
      api.TFE_OpSetAttrString(op, name, bytes, bytes.length);
      break;
    }
    case 'shape':
      api.TFE_OpSetAttrShape(op, name, int64Bytes(attribute.value), attribute.value.length, status.pointer);
      status.check(name);
      break;
    case 'intList':
      api.TFE_OpSetAttrIntList(op, name, int64Bytes(attribute.value), attribute.value.length);
      break;
    case 'floatList':
      api.TFE_OpSetAttrFloatList(op, name, Float32Array.from(attribute.value), attribute.value.length);
      break;
    case 'stringList': {
      const texts = attribute.value.map((text) => utf8.encode(text));
      const pointers = BigUint64Array.from(attribute.value, (text) => BigInt(api.memory.constantString(text)));
      const lengths = BigUint64Array.from(texts, (text) => BigInt(text.length));
      api.TFE_OpSetAttrStringList(op, name, pointers, lengths, texts.length);
      break;
    }
    case 'typeList':
      api.TFE_OpSetAttrTypeList(op, name, Int32Array.from(attribute.value), attribute.value.length);
      break;
    case 'proto':
      api.TFE_OpSetAttrValueProto(op, name, attribute.value, attribute.value.length, status.pointer);
      status.check(name);
      break;
  }
}

/** An op that is never run: it owns the encoded form of its attributes. */
interface TemplateOp {
  readonly op: number;
  readonly attributes: number;
}

/** Caches encoded attributes. */
export class AttributeEncoder {
  readonly #api: CApi;
  readonly #context: number;
  readonly #status: Status;
  readonly #templates = new Map<string, Map<string, TemplateOp>>();
  #count = 0;

  constructor(api: CApi, context: number, status: Status) {
    this.#api = api;
    this.#context = context;
    this.#status = status;
  }

  /**
   * Encodes the attributes of an op.
   *
   * @param op - Name of the op.
   * @param set - Its attributes.
   * @returns A `TFE_OpAttrs`, valid until the next call.
   * @throws {TensorFlowError} When TensorFlow has no such op, or rejects an attribute.
   */
  encode(op: string, set: AttributeSet): number {
    const known = this.#templates.get(op)?.get(set.key);
    return known === undefined ? this.#create(op, set) : known.attributes;
  }

  #create(op: string, set: AttributeSet): number {
    if (this.#count >= MAX_TEMPLATES) this.clear();
    const template = this.#api.TFE_NewOp(this.#context, this.#api.memory.constantString(op), this.#status.pointer);
    this.#status.check(op);
    try {
      for (const attribute of set.entries) setAttribute(this.#api, template, attribute, this.#status);
    } catch (error) {
      this.#api.TFE_DeleteOp(template);
      throw error;
    }
    const encoded = this.#api.TFE_OpGetAttrs(template);
    const ofOp = this.#templates.get(op) ?? new Map<string, TemplateOp>();
    this.#templates.set(op, ofOp);
    ofOp.set(set.key, { op: template, attributes: encoded });
    this.#count++;
    return encoded;
  }

  /** Deletes every template op. */
  clear(): void {
    for (const ofOp of this.#templates.values()) {
      for (const { op } of ofOp.values()) this.#api.TFE_DeleteOp(op);
    }
    this.#templates.clear();
    this.#count = 0;
  }
}
