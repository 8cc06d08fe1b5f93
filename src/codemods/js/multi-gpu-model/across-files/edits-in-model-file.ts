/** Writes the edits in the file that builds and exports a model: a strategy, and the scope around the model. Pure. */
import type { TextEdit } from '../../../result.js';
import type { JavaScriptSource } from '../../syntax/parse.js';

import { isRefusal } from '../../../refusal.js';
import { findOrigins } from '../../origins/find-origins.js';
import { pathOfVariable, type PathUse, usesOf } from '../analyze/access-path.js';
import { partStatements } from '../analyze/model-parts.js';
import { functionAround, indexIn } from '../analyze/statement-list.js';
import { removeWraps } from '../plan/remove-wraps.js';
import { planSegments } from '../plan/segments.js';
import { codeStyleOf } from '../write/code-style.js';
import { identifiersOf } from '../write/free-names.js';
import { runtimeNamesIn, withLocalNames } from '../write/imports/new-import.js';
import { swapImports } from '../write/imports/swap-imports.js';
import { ScopeWriter } from '../write/scope-writer.js';
import { startWithComments } from '../write/text-layout.js';

import { exportedVariable } from './imported-model.js';

/** What to write into the file. */
export interface ModelFileRequest {
  /** The name under which the file exports the model. */
  readonly exported: string;
  /** The name of the strategy to declare and export. */
  readonly strategy: string;
  /** The expression that creates the strategy. */
  readonly creation: string;
  readonly isModule: (specifier: string) => boolean;
}

/** The edits; `undefined` if the file does not build the model itself at its top level. */
export function editsInModelFile(
  source: JavaScriptSource,
  { exported, strategy, creation, isModule }: ModelFileRequest,
): readonly TextEdit[] | undefined {
  const origins = findOrigins(source, { isModule });
  const variable = exportedVariable(source, exported, origins.names);
  if (variable === undefined) return undefined;
  const path = pathOfVariable(variable);
  const uses = usesOf(path, source, origins.names);
  const list = { owner: source.ast, statements: source.ast.body };
  const writes = uses.filter(({ isWrite }) => isWrite);
  if (writes.length === 0 || !writes.every((write) => buildsAtTopLevel(write, source))) return undefined;
  const first = Math.min(
    ...writes.map(({ node }) => indexIn(list, node)),
    ...partStatements(uses, list, source, origins),
  );
  const removal = removeWraps([], source, origins.names);
  const segments = planSegments({ list, first, paths: [path], calls: [], hoisted: [] }, removal, source, origins);
  if (isRefusal(segments)) return undefined;
  const [firstSegment] = segments;
  if (firstSegment === undefined) return undefined;
  const style = codeStyleOf(source);
  const imports = swapImports({
    source,
    origins,
    wrapCalls: [],
    isRemoved: () => false,
    needs: runtimeNamesIn(creation),
    usedNames: identifiersOf(source),
  });
  const declaration = `export const ${strategy} = ${withLocalNames(creation, imports.localNames)}${style.semicolon}\n`;
  const start = startWithComments(source, firstSegment.statements[0]);
  const writer = new ScopeWriter(source, origins, removal, style);
  const scopes = segments.flatMap((segment) => writer.aroundSegment(strategy, segment));
  return [...imports.edits, { start, end: start, text: declaration }, ...scopes];
}

function buildsAtTopLevel({ node, written }: PathUse, { ast }: JavaScriptSource): boolean {
  return written !== undefined && functionAround(node) === ast && /^(?:New|Call|Await)Expression$/.test(written.type);
}
