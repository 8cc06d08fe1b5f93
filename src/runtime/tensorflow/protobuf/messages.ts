/**
 * Encodes and decodes the messages of `message-fields-table.ts`. Builds the descriptors from the table instead of
 * generated code. Pure.
 */
import {
  create,
  createFileRegistry,
  type DescMessage,
  fromBinary,
  fromJson,
  toBinary,
  toJson,
} from '@bufbuild/protobuf';
import {
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  FileDescriptorProtoSchema,
} from '@bufbuild/protobuf/wkt';

import { MESSAGE_FIELDS } from './message-fields-table.js';

const SCALARS: ReadonlyMap<string, FieldDescriptorProto_Type> = new Map([
  ['double', FieldDescriptorProto_Type.DOUBLE],
  ['float', FieldDescriptorProto_Type.FLOAT],
  ['int32', FieldDescriptorProto_Type.INT32],
  ['int64', FieldDescriptorProto_Type.INT64],
  ['bool', FieldDescriptorProto_Type.BOOL],
  ['string', FieldDescriptorProto_Type.STRING],
  ['bytes', FieldDescriptorProto_Type.BYTES],
]);

const PACKAGE = 'tensorflow';

type FieldInit = Partial<Pick<FieldDescriptorProto, 'name' | 'number' | 'type' | 'label' | 'typeName' | 'jsonName'>>;

function field(name: string, number: number, type: string, label = FieldDescriptorProto_Label.OPTIONAL): FieldInit {
  const scalar = SCALARS.get(type);
  const base = { name, number, label, jsonName: name };
  return scalar === undefined
    ? { ...base, type: FieldDescriptorProto_Type.MESSAGE, typeName: `.${PACKAGE}.${type}` }
    : { ...base, type: scalar };
}

function message(name: string): object {
  const nestedType: object[] = [];
  const fields = Object.entries(MESSAGE_FIELDS[name] ?? {}).map(([fieldName, [number, type]]) => {
    const map = /^map<(\w+),(\w+)>$/.exec(type);
    if (map) {
      // Like protoc, names a map's entry after its field, in camel case.
      const entry = `${fieldName.replace(/(^|_)(\w)/g, (_match, _separator, letter: string) => letter.toUpperCase())}Entry`;
      nestedType.push({
        name: entry,
        options: { mapEntry: true },
        field: [field('key', 1, map[1] as string), field('value', 2, map[2] as string)],
      });
      return field(fieldName, number, `${name}.${entry}`, FieldDescriptorProto_Label.REPEATED);
    }
    const repeated = /^repeated (\w+)$/.exec(type);
    return repeated
      ? field(fieldName, number, repeated[1] as string, FieldDescriptorProto_Label.REPEATED)
      : field(fieldName, number, type);
  });
  return { name, field: fields, nestedType };
}

/** A value of JSON. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [name: string]: JsonValue };

/** A message as JSON: field names as in the .proto files, 64-bit integers as strings, bytes as base64. */
export type MessageValue = Readonly<Record<string, JsonValue>>;

/** Encodes and decodes TensorFlow's messages by name. */
export class Messages {
  readonly #registry;

  constructor() {
    const file = create(FileDescriptorProtoSchema, {
      name: 'tensorflow.proto',
      package: PACKAGE,
      syntax: 'proto3',
      messageType: Object.keys(MESSAGE_FIELDS).map((name) => message(name)) as never,
    });
    this.#registry = createFileRegistry(file, () => undefined);
  }

  #schema(name: string): DescMessage {
    const schema = this.#registry.getMessage(`${PACKAGE}.${name}`);
    if (!schema) throw new TypeError(`The table has no message ${name}.`);
    return schema;
  }

  encode(name: string, value: MessageValue): Uint8Array {
    const schema = this.#schema(name);
    return toBinary(schema, fromJson(schema, value as JsonValue));
  }

  decode(name: string, bytes: Uint8Array): MessageValue {
    const schema = this.#schema(name);
    return toJson(schema, fromBinary(schema, bytes)) as MessageValue;
  }
}
