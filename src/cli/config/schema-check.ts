/**
 * Checks a JSON value against the part of JSON Schema that our own schema uses, with messages for the person who wrote
 * the file. Loading a general validator takes longer than a whole scan. Pure.
 */
import { didYouMean } from '../arguments/unknown-name.js';

/** The keywords that the check supports. A test makes sure that the published schema uses no others. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'boolean' | 'integer';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: false;
  readonly items?: Schema;
  readonly uniqueItems?: boolean;
  readonly minLength?: number;
  readonly enum?: readonly string[];
  readonly description?: string;
}

/**
 * Checks a value.
 *
 * @param value - Any JSON value.
 * @param schema - The schema.
 * @param place - Where the value is in the whole document, for messages; empty for the document itself.
 * @returns One sentence for each problem; empty when the value follows the schema.
 */
export function schemaProblems(value: unknown, schema: Schema, place = ''): string[] {
  const name = place === '' ? 'The configuration' : `\`${place}\``;
  if (schema.type !== undefined && typeOf(value) !== schema.type) {
    return [`${name} must be ${withArticle(schema.type)}, not ${withArticle(typeOf(value))}.`];
  }
  if (schema.enum !== undefined && !schema.enum.includes(value as string)) {
    return [`${name} must be one of ${schema.enum.join(', ')}; it is ${JSON.stringify(value)}.`];
  }
  if (schema.minLength !== undefined && (value as string).length < schema.minLength) {
    return [`${name} must not be empty.`];
  }
  if (Array.isArray(value)) return listProblems(value, schema, place, name);
  return schema.properties === undefined ? [] : objectProblems(value as object, schema, schema.properties, place);
}

function listProblems(list: readonly unknown[], schema: Schema, place: string, name: string): string[] {
  const { items, uniqueItems } = schema;
  const problems =
    items === undefined ? [] : list.flatMap((item, index) => schemaProblems(item, items, `${place}[${index}]`));
  if (problems.length === 0 && uniqueItems === true && new Set(list).size < list.length) {
    problems.push(`${name} contains the same value twice.`);
  }
  return problems;
}

function objectProblems(
  value: object,
  schema: Schema,
  properties: Readonly<Record<string, Schema>>,
  place: string,
): string[] {
  const known = new Map(Object.entries(properties));
  return Object.entries(value).flatMap(([key, item]) => {
    const property = known.get(key);
    const keyPlace = place === '' ? key : `${place}.${key}`;
    if (property !== undefined) return schemaProblems(item, property, keyPlace);
    if (schema.additionalProperties !== false) return [];
    const suggestion = didYouMean(key, known.keys(), (name) => `\`${name}\``);
    return [`\`${keyPlace}\` is not a setting.${suggestion}`];
  });
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

function withArticle(type: string): string {
  if (type === 'array') return 'a list';
  if (type === 'null') return 'null';
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}
