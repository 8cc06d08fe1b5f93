/** Vitest's asymmetric matchers with a type that typed lint accepts: Vitest declares them as `any`. */
import { expect } from 'vitest';

/** Matches a text that contains another one. */
export function textContaining(text: string): unknown {
  return expect.stringContaining(text);
}

/** Matches a text that a pattern matches. */
export function textMatching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}

/** Matches an object that has these properties. */
export function objectContaining(properties: object): unknown {
  return expect.objectContaining(properties);
}
