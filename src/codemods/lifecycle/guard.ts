/** What decides whether a statement runs, as data. Generic in the node type of a language. Types only. */

/** One thing on the way from a block to a statement in it. */
export type Guard<N> =
  /** The statement runs if the test holds, or if it does not. */
  | { readonly kind: 'test'; readonly test: N; readonly holds: boolean }
  /** The statement runs in each iteration. */
  | { readonly kind: 'loop'; readonly loop: N }
  /** The statement is tried; the handlers fall back to something else. */
  | { readonly kind: 'fallback'; readonly attempt: N }
  /** The statement runs in a handler or a final clause. */
  | { readonly kind: 'handler'; readonly attempt: N };
