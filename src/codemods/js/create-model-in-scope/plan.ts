/** Plans the migration `create-model-in-scope`: one finding for each misplaced model, with edits if possible. Pure. */
import type { Change, Finding, Plan } from '../../result.js';
import type { OriginQuery } from '../origins/origin.js';
import type { JavaScriptSource } from '../syntax/parse.js';

import { positionsIn } from '../../edits/positions.js';
import { indexNames } from '../syntax/names.js';

import { findMisplacedModels, type MisplacedModel, type PlacementOptions } from './find-misplaced-models.js';
import { createModelInScopeInfo } from './info.js';
import { wrapInScope } from './wrap-in-scope.js';

/** Plans the migration for one file. */
export function planCreateModelInScope(
  source: JavaScriptSource,
  options?: PlacementOptions,
  redirect?: OriginQuery['redirect'],
): Plan {
  const misplaced = findMisplacedModels(source, options, redirect);
  if (misplaced.length === 0) return { changes: [], findings: [] };
  const names = indexNames(source.scopeManager);
  const changes: Change[] = [];
  const findings: Finding[] = [];
  for (const each of misplaced) {
    const finding = findingOf(each, source);
    const edits = wrapInScope(each, source, names);
    if (edits === undefined) findings.push(finding);
    // Never `safe`: the strategy trains the model on another number of devices.
    else changes.push({ findings: [{ ...finding, disposition: 'rewrite' }], edits, safety: 'suggestion' });
  }
  return { changes, findings };
}

function findingOf(misplaced: MisplacedModel, { text }: JavaScriptSource): Finding {
  const position = positionsIn(text);
  const [start, end] = misplaced.call.callee.range;
  return {
    migration: createModelInScopeInfo.name,
    api: misplaced.kind === 'compiled-outside' ? 'LayersModel#compile' : misplaced.model.api,
    message: messageOf(misplaced),
    disposition: 'report',
    start: position(start),
    end: position(end),
  };
}

function messageOf({ kind, model, strategy }: MisplacedModel): string {
  const scope = strategy.name === undefined ? 'that scope' : `${strategy.name}.scope(() => { … })`;
  switch (kind) {
    case 'built-outside':
      return `This model is built outside the scope of the ${strategy.className}, which therefore does not train it. Build and compile it inside ${scope}.`;
    case 'compiled-inside':
      return `This model is compiled inside the scope of the ${strategy.className} but built outside of it, which fails. Build it inside ${scope} too.`;
    case 'trained-inside':
      return `This model is trained inside the scope of the ${strategy.className} but built outside of it, so the strategy does not train it. Build and compile it inside ${scope}.`;
    case 'compiled-outside':
      return model.build === undefined
        ? `This model is compiled outside the scope of the ${strategy.className}, which therefore does not train it. Build and compile it inside ${scope}.`
        : `This model is built inside the scope of the ${strategy.className} but compiled outside of it. Compile it inside ${scope} too.`;
  }
}
