/** A value that the origin analysis follows through a file. Types only. */
import type { Node } from '../syntax/syntax-tree.js';
import type { Binding, Origin, Step } from './origin.js';

/** An expression, and where its value comes from. */
export interface FollowedValue {
  readonly origin: Origin;
  /** The expression; the follower moves from here to its parent. */
  readonly node: Node;
  /** The first node of the member chain. */
  readonly base: Node;
  readonly steps: readonly Step[];
  /** The name that was read, unless the chain starts at the module itself. */
  readonly binding: Binding | undefined;
  /** Whether `node` is a promise of the value. */
  readonly promised: boolean;
}
