/**
 * Turns an AttributeSet into TensorFlow's encoded attributes, once for each op and set.
 * May touch: the C API. The encoded form is owned by a template op that lives with the encoder.
 */
import type { AttributeSet, OpAttribute } from './attributes.js';
import type { CApi } from './c-api.js';
import type { Status } from './status.js';

/** Enough for every kernel and shape of a large model; beyond it the cache starts anew. */
const MAXIMUM_TEMPLATES = 8192;

const utf8 = new TextEncoder();

function int64Bytes(values: readonly number[]): BigInt64Array {
  return BigInt64Array.from(values, (value) => BigInt(value));
}

function setAttribute(api: CApi, op: number, attribute: OpAttribute, status: Status): void {
  const { name } = attribute;
  switch (attribute.kind) {
    case 'int':
      return (api.TFE_OpSetAttrInt(op, name, attribute.value), undefined);
    case 'float':
      return (api.TFE_OpSetAttrFloat(op, name, attribute.value), undefined);
    case 'bool':
      return (api.TFE_OpSetAttrBool(op, name, attribute.value ? 1 : 0), undefined);
    case 'type':
      return (api.TFE_OpSetAttrType(op, name, attribute.value), undefined);
    case 'function':
      return (api.TFE_OpSetAttrFunctionName(op, name, attribute.value, attribute.value.length), undefined);
    case 'string': {
      const bytes = utf8.encode(attribute.value);
      return (api.TFE_OpSetAttrString(op, name, bytes, bytes.length), undefined);
    }
    case 'shape':
      api.TFE_OpSetAttrShape(op, name, int64Bytes(attribute.value), attribute.value.length, status.pointer);
      return status.check(name);
    case 'intList':
      return (api.TFE_OpSetAttrIntList(op, name, int64Bytes(attribute.value), attribute.value.length), undefined);
    case 'floatList':
      return (
        api.TFE_OpSetAttrFloatList(op, name, Float32Array.from(attribute.value), attribute.value.length),
        undefined
      );
    case 'stringList': {
      const texts = attribute.value.map((text) => utf8.encode(text));
      const pointers = BigUint64Array.from(attribute.value, (text) => BigInt(api.memory.constantString(text)));
      const lengths = BigUint64Array.from(texts, (text) => BigInt(text.length));
      return (api.TFE_OpSetAttrStringList(op, name, pointers, lengths, texts.length), undefined);
    }
    case 'typeList':
      return (api.TFE_OpSetAttrTypeList(op, name, Int32Array.from(attribute.value), attribute.value.length), undefined);
    case 'proto':
      api.TFE_OpSetAttrValueProto(op, name, attribute.value, attribute.value.length, status.pointer);
      return status.check(name);
  }
}

/** Caches encoded attributes. */
export class AttributeEncoder {
  readonly #api: CApi;
  readonly #context: number;
  readonly #status: Status;
  readonly #templates = new Map<string, Map<string, { op: number; attributes: number }>>();
  #count = 0;

  constructor(api: CApi, context: number, status: Status) {
    this.#api = api;
    this.#context = context;
    this.#status = status;
  }

  /** The `TFE_OpAttrs` of a set, valid until the next call. */
  encode(op: string, set: AttributeSet): number {
    const known = this.#templates.get(op)?.get(set.key);
    return known === undefined ? this.#create(op, set) : known.attributes;
  }

  #create(op: string, set: AttributeSet): number {
    if (this.#count >= MAXIMUM_TEMPLATES) this.clear();
    const template = this.#api.TFE_NewOp(this.#context, this.#api.memory.constantString(op), this.#status.pointer);
    this.#status.check(op);
    for (const attribute of set.entries) setAttribute(this.#api, template, attribute, this.#status);
    const encoded = this.#api.TFE_OpGetAttrs(template);
    let ofOp = this.#templates.get(op);
    if (!ofOp) this.#templates.set(op, (ofOp = new Map()));
    ofOp.set(set.key, { op: template, attributes: encoded });
    this.#count++;
    return encoded;
  }

  clear(): void {
    for (const ofOp of this.#templates.values()) {
      for (const { op } of ofOp.values()) this.#api.TFE_DeleteOp(op);
    }
    this.#templates.clear();
    this.#count = 0;
  }
}
