/** Checks that the original and the multi-GPU model can share one `compile`. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PyNode } from '../../syntax/node.js';
import type { Lifecycle } from '../model/lifecycle.js';
import type { Wrap } from '../model/wrap-group.js';

import { callsIn } from '../../analysis/calls.js';
import { callArguments, enclosingClass } from '../../analysis/statements.js';
import { sameVariable, type Variable } from '../../analysis/variables.js';
import { COMPILES, RUNS_COMPILED, TRAINS } from '../../lifecycle/vocabulary-table.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { valuesOf } from '../model/compile-arguments.js';
import { methodCalls } from '../model/method-calls.js';
import { isInOtherArm, rebuiltAt } from '../model/other-arms.js';
import { functionOrModule } from '../model/wrap-group.js';

/**
 * Refuses when a function compiles both models in different ways and uses both: one `compile` would replace the other.
 */
export function checkCompiles({ module, group, body }: Lifecycle): Refusal | undefined {
  for (const wrap of group.wraps) {
    const refusal = checkCompilesOfWrap(module, wrap, body);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function checkCompilesOfWrap(
  module: PythonModule,
  { site, template, parallel }: Wrap,
  body: PyNode,
): Refusal | undefined {
  if (template === undefined || parallel === undefined || sameVariable(template, parallel)) return undefined;
  const compiles = (variable: Variable): PyNode[] => methodCalls(module, [variable], body, COMPILES);
  const end = rebuiltAt(module, template, site.statement, body, []);
  const ofTemplate = compiles(template).filter((call) => call.start < end);
  const lastOfParallel = compiles(parallel).at(-1);
  if (lastOfParallel === undefined) return undefined;
  const differing = ofTemplate.filter((call) => signature(module, call) !== signature(module, lastOfParallel));
  if (differing.length === 0) return checkTrainedApart(module, template, parallel, body, end);
  const uses = methodCalls(module, [template], body, RUNS_COMPILED).filter((call) => call.start < end);
  const use = uses.find((call) =>
    differing.some((compile) => !isInOtherArm(compile, call) && compile.start < call.start),
  );
  const replacing = differing.find((call) => call.start > lastOfParallel.start && !isInOtherArm(call, lastOfParallel));
  const obstacle = use ?? replacing;
  return obstacle === undefined ? undefined : refusalAt(module, REFUSALS.compiledDifferently, obstacle);
}

/**
 * Refuses when both models are trained after the last `compile`: each has an optimizer that remembers its own steps,
 * and one model has only one. From `end` on, the name of the original model is that of another one.
 */
function checkTrainedApart(
  module: PythonModule,
  template: Variable,
  parallel: Variable,
  body: PyNode,
  end: number,
): Refusal | undefined {
  const callsOf = (variable: Variable, names: ReadonlySet<string>): PyNode[] =>
    methodCalls(module, [variable], body, names).filter((call) => variable !== template || call.start < end);
  const [ofTemplate, ofParallel] = [template, parallel].map((variable) => callsOf(variable, COMPILES));
  if (ofTemplate === undefined || ofParallel === undefined) return undefined;
  const pairs = ofTemplate.flatMap((own) =>
    ofParallel.filter((other) => !isInOtherArm(own, other)).map((other) => [own, other] as const),
  );
  const trainsAfter = (variable: Variable, compile: PyNode): boolean =>
    callsOf(variable, TRAINS).some((call) => call.start > compile.start && !isInOtherArm(compile, call));
  const apart = pairs.find(([own, other]) => {
    const last = own.start > other.start ? own : other;
    const [earlier, later] = last === own ? [parallel, template] : [template, parallel];
    return trainsAfter(earlier, last) && trainsAfter(later, last) && !isStateless(module, last);
  });
  return apart === undefined ? undefined : refusalAt(module, REFUSALS.trainedApart, apart[0]);
}

/** Plain gradient descent remembers nothing from step to step. */
function isStateless(module: PythonModule, compile: PyNode): boolean {
  const [optimizer] = valuesOf(module, compile, 'optimizer');
  const text = optimizer === undefined ? '' : module.source.textOf(optimizer).replaceAll(/\s/g, '');
  return /^(['"])sgd\1$/i.test(text) || /^([\w.]+\.)?SGD\((?:(?:lr=|learning_rate=)?[\w.]+)?\)$/.test(text);
}

/** Refuses when both models are attributes, and another method compiles the original one in a different way. */
export function checkCompilesOfAttributes({ module, group, body }: Lifecycle): Refusal | undefined {
  const owner = enclosingClass(body);
  if (owner === undefined) return undefined;
  const calls = callsIn(owner);
  const compilesOf = (text: string): PyNode[] =>
    calls.flatMap(({ call, callee }) =>
      module.source.textOf(callee).replaceAll(/\s/g, '') === `${text}.compile` ? [call] : [],
    );
  for (const { template, parallel } of group.wraps) {
    if (template?.text.startsWith('self.') !== true || parallel?.text.startsWith('self.') !== true) continue;
    const known = new Set(compilesOf(parallel.text).map((call) => signature(module, call)));
    const differing = compilesOf(template.text).find(
      (call) => functionOrModule(module, call) !== body && !known.has(signature(module, call)),
    );
    if (template.text !== parallel.text && known.size > 0 && differing !== undefined)
      return refusalAt(module, REFUSALS.compiledDifferentlyInOtherMethod, differing);
  }
  return undefined;
}

/** The arguments of a call as comparable text. */
function signature(module: PythonModule, call: PyNode): string {
  const { positional, keywords } = callArguments(module.source, call);
  const text = (node: PyNode): string => module.source.textOf(node).replaceAll(/\s+/g, ' ');
  return [...positional.map(text), ...[...keywords].map(([name, value]) => `${name}=${text(value)}`).sort()].join(', ');
}
