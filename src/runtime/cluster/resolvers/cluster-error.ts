/** The error for a description of a cluster that is malformed or contradicts itself. Pure. */
import { ErrorCode } from '../../../errors/error-code.js';
import { MirrorscopeError } from '../../../errors/mirrorscope-error.js';

/** Where a value comes from: the document, such as `TF_CONFIG`, and the JSON path of the value in it. */
export interface ValueSource {
  /** The name of the document, as the user knows it. */
  readonly document: string;
  /** The path of the value, such as `cluster.worker[0]`; empty for the document itself. */
  readonly path: string;
}

const MAX_QUOTED_LENGTH = 80;

/**
 * Names a property of an object in a document.
 *
 * @param source - Where the object is.
 * @param key - The property.
 * @returns Where the property is.
 */
export function propertyOf(source: ValueSource, key: string): ValueSource {
  const isName = /^[A-Za-z_]\w*$/.test(key);
  const step = isName ? `${source.path === '' ? '' : '.'}${key}` : `[${shortJson(key)}]`;
  return { ...source, path: source.path + step };
}

/**
 * Names an item of a list in a document.
 *
 * @param source - Where the list is.
 * @param index - The position of the item.
 * @returns Where the item is.
 */
export function itemOf(source: ValueSource, index: number): ValueSource {
  return { ...source, path: `${source.path}[${index}]` };
}

/**
 * Makes the error for a value of a document that describes a cluster.
 *
 * @param source - Where the value is.
 * @param problem - What is wrong with the value, as the rest of a sentence that starts with its name.
 * @param hint - What to do; when left out, the general hint of the code.
 * @returns The error, to be thrown.
 */
export function clusterError({ document, path }: ValueSource, problem: string, hint?: string): MirrorscopeError {
  const subject = path === '' ? document : `${document}: \`${path}\``;
  return new MirrorscopeError(ErrorCode.ClusterConfiguration, `${subject} ${problem}.`, { hint });
}

/**
 * Shows a value in a message. Data from outside can be long or hold control characters.
 *
 * @param value - Any JSON value.
 * @returns JSON in one line, cut where it is long.
 */
export function shortJson(value: unknown): string {
  const json = value === undefined ? 'undefined' : JSON.stringify(value);
  return json.length > MAX_QUOTED_LENGTH ? `${json.slice(0, MAX_QUOTED_LENGTH)}…` : json;
}
