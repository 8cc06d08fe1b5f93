/**
 * Rewrites what callback classes do with standalone Keras that TensorFlow's Keras takes for something else: the seventh
 * argument of `ModelCheckpoint`, and an assignment to `self.model`, which Keras 3 does not allow. Pure.
 */
import type { TextEdit } from '../../result.js';
import type { PythonModule } from '../analysis/module.js';

import { parameterName } from '../analysis/scopes.js';
import { assignmentOf, callArguments, enclosingClass, enclosingFunction } from '../analysis/statements.js';
import { childByField, descendants, namedChildren, type PyNode } from '../syntax/node.js';

/** `filepath, monitor, verbose, save_best_only, save_weights_only, mode`; then `period`, where `save_freq` is now. */
const PERIOD_POSITION = 6;

/**
 * The edits for the callback classes of a file.
 *
 * @param module - The file.
 * @param mayPassPeriod - Whether a call outside the class may give `period` another value than its default.
 * @returns Edits that leave the behaviour of the classes as it was.
 */
export function callbackClassEdits(
  module: PythonModule,
  mayPassPeriod: (name: string, parameters: number) => boolean,
): TextEdit[] {
  return module.source.nodes.flatMap((node) => {
    if (node.type !== 'class_definition') return [];
    const base = callbackBase(module, node);
    if (base === undefined) return [];
    return [
      ...(base === 'ModelCheckpoint' ? periodEdits(module, node, mayPassPeriod) : []),
      ...modelEdits(module, node),
    ];
  });
}

/** The callback of Keras that is the only base of a class. */
function callbackBase(module: PythonModule, definition: PyNode): 'ModelCheckpoint' | 'Callback' | undefined {
  const bases = childByField(definition, 'superclasses');
  const [base, ...others] = bases === undefined ? [] : namedChildren(bases);
  if (base === undefined || others.length > 0) return undefined;
  const origin = module.origins.of(base).find((path) => /^keras\.callbacks\.(ModelCheckpoint|Callback)$/.test(path));
  if (origin === undefined) return undefined;
  return origin.endsWith('.ModelCheckpoint') ? 'ModelCheckpoint' : 'Callback';
}

/** Leaves out `period` where it is one epoch, as it is by default. */
function periodEdits(
  module: PythonModule,
  definition: PyNode,
  mayPassPeriod: (name: string, parameters: number) => boolean,
): TextEdit[] {
  const { source } = module;
  for (const call of descendants(definition)) {
    const callee = call.type === 'call' ? childByField(call, 'function') : undefined;
    if (callee === undefined || !/^super\([^)]*\)\.__init__$/.test(source.textOf(callee))) continue;
    const { positional, spread } = callArguments(source, call);
    const period = positional[PERIOD_POSITION];
    const before = positional[PERIOD_POSITION - 1];
    const constructor = enclosingFunction(call);
    if (spread || period === undefined || before === undefined || constructor === undefined) continue;
    const parameters = namedChildren(childByField(constructor, 'parameters') ?? constructor);
    const position = parameters.findIndex(
      (parameter) => source.textOf(parameterName(parameter) ?? parameter) === source.textOf(period),
    );
    const parameter = parameters[position];
    const value = parameter === undefined ? undefined : childByField(parameter, 'value');
    const name = childByField(definition, 'name');
    if (name === undefined || value === undefined || source.textOf(value) !== '1') continue;
    // `self` is no argument of the calls.
    if (mayPassPeriod(source.textOf(name), position - 1)) continue;
    return [{ start: before.end, end: period.end, text: '' }];
  }
  return [];
}

/** `self.model = model` becomes `super().set_model(model)`, which stores it in every Keras. */
function modelEdits(module: PythonModule, definition: PyNode): TextEdit[] {
  const { source } = module;
  const edits: TextEdit[] = [];
  for (const statement of descendants(definition)) {
    if (statement.type !== 'expression_statement' || enclosingClass(statement) !== definition) continue;
    const { left, right } = assignmentOf(statement) ?? {};
    if (left === undefined || right === undefined || source.textOf(left) !== 'self.model') continue;
    edits.push({ start: statement.start, end: right.start, text: 'super().set_model(' });
    edits.push({ start: right.end, end: right.end, text: ')' });
  }
  return edits;
}
