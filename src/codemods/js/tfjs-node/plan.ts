/** Puts what was found into the words of a plan: a file is swapped whole, or stays whole. Pure. */
import type { Finding, Plan, Position } from '../../result.js';
import type { JavaScriptSource } from '../syntax/parse.js';
import type { Obstacle, Ranged, Remark, SwapPlace } from './place.js';

import { positionsIn } from '../../edits/positions.js';

import { findTfjsNode } from './find.js';
import { tfjsNodeInfo } from './info.js';

export function planTfjsNode(source: JavaScriptSource): Plan {
  const position = positionsIn(source.text);
  const { places, obstacles, remarks } = findTfjsNode(source);
  const reported = remarks.map((remark): Finding => ({ ...place(remark, position), disposition: 'report' }));
  if (obstacles.length > 0) return { changes: [], findings: [...refusals(places, obstacles, position), ...reported] };
  if (places.length === 0) return { changes: [], findings: reported };
  const change = {
    findings: places.map((each): Finding => ({ ...place(each, position), disposition: 'rewrite' })),
    edits: places.flatMap(({ edits }) => edits),
    // The same API, and another library under it: a person has to want that.
    safety: 'suggestion',
  } as const;
  return { changes: [change], findings: reported };
}

/** Two TensorFlows under one program would be worse than the old one: what stands in the way of one place stands in the way of all. */
function refusals(
  places: readonly SwapPlace[],
  obstacles: readonly Obstacle[],
  position: (offset: number) => Position,
): Finding[] {
  const inOrder = [...obstacles].sort((a, b) => a.at.range[0] - b.at.range[0]);
  const first = inOrder[0]!;
  const isObstacle = ({ at }: SwapPlace): boolean => obstacles.some((obstacle) => obstacle.at === at);
  const because = `It stays, because something else in this file has to. See line ${position(first.at.range[0]).line}.`;
  return [
    ...inOrder
      .filter(({ at }, index) => inOrder.findIndex((other) => other.at === at) === index)
      .map((obstacle) => refusal(obstacle, obstacle, position)),
    ...places
      .filter((each) => !isObstacle(each))
      .map((each) => refusal({ ...each, message: `${each.message} ${because}` }, first, position)),
  ];
}

function refusal(at: Remark, { reason }: Obstacle, position: (offset: number) => Position): Finding {
  return { ...place(at, position), disposition: 'refuse', reason };
}

function place(
  { at, api, message }: { readonly at: Ranged; readonly api: string; readonly message: string },
  position: (offset: number) => Position,
) {
  return { migration: tfjsNodeInfo.name, api, message, start: position(at.range[0]), end: position(at.range[1]) };
}
