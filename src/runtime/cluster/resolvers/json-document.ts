/** Parses a JSON text of bounded size that comes from outside. Pure. */
import { clusterError } from './cluster-error.js';

/** The largest text that is parsed. A cluster of 10,000 tasks needs less than half of it. */
export const MAX_JSON_LENGTH = 1_048_576;

/**
 * Parses a JSON text.
 *
 * @param text - The text.
 * @param document - What error messages call the text.
 * @returns The value.
 * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when the text is too long or no JSON.
 */
export function parseJsonDocument(text: string, document: string): unknown {
  const source = { document, path: '' };
  if (text.length > MAX_JSON_LENGTH)
    throw clusterError(source, `has ${text.length} characters; ${MAX_JSON_LENGTH} are the most`);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const detail = error instanceof Error ? ` (${error.message})` : '';
    throw clusterError(source, `is no JSON${detail}`, JSON_HINT);
  }
}

const JSON_HINT =
  'JSON needs double quotes, and has neither comments nor trailing commas. In a shell, put single quotes around it.';
