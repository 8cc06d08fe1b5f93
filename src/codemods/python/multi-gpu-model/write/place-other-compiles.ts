/** Moves the `compile` calls of a wrapped model in other functions of the file into its scope. Collects edits. */
import type { Refusal } from '../../../refusal.js';
import type { LineEditor } from '../../edit/line-editor.js';
import type { Lifecycle } from '../model/lifecycle.js';

import { runsBuilding, scopeIn } from '../plans/building.js';

import { placeCompiles } from './place-compiles.js';

/** Moves every `compile` that the group itself does not contain. */
export function placeOtherCompiles(
  editor: LineEditor,
  { module, group, building, compiles }: Lifecycle,
): Refusal | undefined {
  for (const { model, calls, isRelative } of compiles) {
    const scope = building === undefined ? undefined : scopeIn(building, model.body);
    const refusal = placeCompiles(module, editor, model, calls, {
      builtAs: isRelative ? [] : group.models,
      scope,
      isOutside: (statement) => runsBuilding(building, statement),
    });
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
