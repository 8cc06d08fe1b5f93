/** The types that the parts of the finder pass to each other. Types only. */
import type { Refusal } from '../../refusal.js';
import type { TextEdit } from '../../result.js';

/** Code that a finding points at: a node or a comment. */
export interface Ranged {
  readonly range: readonly [number, number];
}

/** Code that changes when the file moves to `mirrorscope/node`. */
export interface Replacement {
  readonly at: Ranged;
  readonly api: string;
  readonly message: string;
  readonly edits: readonly TextEdit[];
}

/** Code that keeps the whole file from moving. */
export interface Obstacle {
  readonly at: Ranged;
  readonly api: string;
  readonly refusal: Refusal;
}

/** Code that a person should check. It does not keep the file from moving. */
export interface Remark {
  readonly at: Ranged;
  readonly api: string;
  readonly message: string;
}

export interface Found {
  readonly replacements: readonly Replacement[];
  readonly obstacles: readonly Obstacle[];
  readonly remarks: readonly Remark[];
}
