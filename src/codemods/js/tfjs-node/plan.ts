/** Turns what the finder found into a plan. A file changes completely or not at all. Pure. */
import type { Finding, Plan, Position } from '../../result.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Obstacle, Ranged, Remark, Replacement } from './found.js';

import { positionsIn } from '../../edits/positions.js';

import { findTfjsNode } from './find.js';
import { tfjsNodeInfo } from './info.js';

export function planTfjsNode(source: JavaScriptSource): Plan {
  const position = positionsIn(source.text);
  const { replacements, obstacles, remarks } = findTfjsNode(source);
  const reported = remarks.map((remark): Finding => ({ ...findingBase(remark, position), disposition: 'report' }));
  if (obstacles.length > 0)
    return { changes: [], findings: [...refusals(replacements, obstacles, position), ...reported] };
  if (replacements.length === 0) return { changes: [], findings: reported };
  const change = {
    findings: replacements.map((each): Finding => ({ ...findingBase(each, position), disposition: 'rewrite' })),
    edits: replacements.flatMap(({ edits }) => edits),
    // The API stays the same, but another library implements it, so a person has to agree.
    safety: 'suggestion',
  } as const;
  return { changes: [change], findings: reported };
}

/** A program must not load two TensorFlow libraries, so one obstacle refuses every replacement in the file. */
function refusals(
  replacements: readonly Replacement[],
  obstacles: readonly Obstacle[],
  position: (offset: number) => Position,
): Finding[] {
  const inOrder = [...obstacles].sort((a, b) => a.at.range[0] - b.at.range[0]);
  const [first] = inOrder;
  if (first === undefined) return [];
  const isObstacle = ({ at }: Replacement): boolean => obstacles.some((obstacle) => obstacle.at === at);
  const because = `Unchanged, because line ${position(first.at.range[0]).line} keeps this file from changing.`;
  return [
    ...inOrder
      .filter(({ at }, index) => inOrder.findIndex((other) => other.at === at) === index)
      .map((obstacle) => refusedFinding({ ...obstacle, message: obstacle.refusal.message }, obstacle, position)),
    ...replacements
      .filter((each) => !isObstacle(each))
      .map((each) => refusedFinding({ ...each, message: `${each.message} ${because}` }, first, position)),
  ];
}

function refusedFinding(at: Remark, { refusal }: Obstacle, position: (offset: number) => Position): Finding {
  return { ...findingBase(at, position), disposition: 'refuse', reason: refusal.reason };
}

function findingBase(
  { at, api, message }: { readonly at: Ranged; readonly api: string; readonly message: string },
  position: (offset: number) => Position,
) {
  return { migration: tfjsNodeInfo.name, api, message, start: position(at.range[0]), end: position(at.range[1]) };
}
