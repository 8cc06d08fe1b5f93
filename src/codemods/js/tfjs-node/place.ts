/** What the parts of the finder hand to each other. Types only. */
import type { RefusalReason } from '../../refusal-reason.js';
import type { TextEdit } from '../../result.js';

/** Something to point at: a node or a comment. */
export interface Ranged {
  readonly range: readonly [number, number];
}

/** A place that becomes another text when the file is swapped. */
export interface SwapPlace {
  readonly at: Ranged;
  readonly api: string;
  readonly message: string;
  readonly edits: readonly TextEdit[];
}

/** A place that keeps the file from being swapped. */
export interface Obstacle {
  readonly at: Ranged;
  readonly api: string;
  readonly message: string;
  readonly reason: RefusalReason;
}

/** A place for a person to look at, which stands in nobody's way. */
export interface Remark {
  readonly at: Ranged;
  readonly api: string;
  readonly message: string;
}

export interface Found {
  readonly places: readonly SwapPlace[];
  readonly obstacles: readonly Obstacle[];
  readonly remarks: readonly Remark[];
}
