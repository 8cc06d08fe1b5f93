/**
 * Which statements build a model and which construct what `compile` takes: a backward slice over one
 * function that follows layers, tensors and models, and stops at data and configuration.
 */
import type { PythonModule } from '../../analysis/module.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { assignmentOf, callArguments, enclosingClass } from '../../analysis/statements.js';
import { mentionsOf, reachingDefinitions, sameVariable, type Variable, variableOf } from '../../analysis/variables.js';
import { childByField, descendants, type PyNode } from '../../syntax/node.js';
import { keras } from '../find/legacy-api.js';
import { Refusal } from '../refusal.js';

/** Members of Keras that hold no variables of a model. */
const NOT_A_MODEL_PART =
  /^(datasets|preprocessing|callbacks|utils|losses|metrics|optimizers|backend|wrappers|_tf_keras)(\.|$)/;

/** Functions that, by their name, build a model; taking one that does not into the scope does no harm. */
const BUILDER =
  /(^|[._])(build|create|make|get|define|construct|load|init)_?\w*(model|net|network|encoder|decoder|generator|discriminator|critic|backbone)(_\w+)?$|(^|[._])((un|res|dense|mobile|efficient|vgg|inception|xception)_?net\w*|autoencoder|encoder|decoder|discriminator)$/i;

/** Statements that build a model, with the variables that hold its parts. */
export interface BuildSlice {
  readonly statements: readonly PyNode[];
  readonly parts: readonly Variable[];
}

/** Everything in the function that builds what `variable` holds at `at`. */
export function buildSlice(module: PythonModule, variable: Variable, at: PyNode): BuildSlice {
  const statements = new Set<PyNode>();
  const parts: Variable[] = [];
  const visit = (current: Variable, place: PyNode): void => {
    if (!parts.some((part) => sameVariable(part, current))) parts.push(current);
    for (const definition of reachingDefinitions(module, current, place)) {
      if (statements.has(definition)) continue;
      statements.add(definition);
      for (const used of partsUsed(module, definition)) visit(used.variable, definition);
    }
  };
  visit(variable, at);
  return { statements: [...statements], parts };
}

/** The variables in a statement that hold layers, tensors or models. */
export function partsUsed(
  module: PythonModule,
  statement: PyNode,
  seen = new Set<PyNode>(),
): { variable: Variable; node: PyNode }[] {
  const assignment = assignmentOf(statement);
  const within = assignment?.right ?? statement;
  const used: { variable: Variable; node: PyNode }[] = [];
  for (const node of descendants(within)) {
    if (node.type !== 'identifier' || (node.field === 'attribute' && node.parent?.type === 'attribute')) continue;
    const variable = variableOf(module, node);
    if (variable === undefined || variable.root.scope !== module.scopes.functionScopeAt(statement)) continue;
    const definitions = reachingDefinitions(module, variable, statement);
    if (definitions.some((definition) => makesModelPart(module, definition, seen))) used.push({ variable, node });
  }
  return used;
}

/** Whether an assignment yields a layer, a symbolic tensor or a model. */
export function makesModelPart(module: PythonModule, statement: PyNode, seen = new Set<PyNode>()): boolean {
  if (seen.has(statement)) return false;
  seen.add(statement);
  const assignment = assignmentOf(statement);
  if (assignment === undefined) return false;
  for (const node of descendants(assignment.right)) {
    if (node.type !== 'call') continue;
    const callee = childByField(node, 'function');
    if (callee === undefined) continue;
    if (callee.type === 'call' || BUILDER.test(module.source.textOf(callee))) return true;
    for (const origin of module.origins.of(callee)) {
      const member = keras(origin);
      if (member !== undefined && !NOT_A_MODEL_PART.test(member)) return true;
    }
  }
  const makes = partsUsed(module, statement, seen).some(({ node }) => feedsValue(module, node, assignment.right));
  seen.delete(statement);
  return makes;
}

/** `base.output`, `f(x)`, `[a, b]`: the value is made of the part; `len(model.layers)` is not one. */
function feedsValue(module: PythonModule, node: PyNode, value: PyNode): boolean {
  for (let current: PyNode = node; current !== value && current.parent !== undefined; current = current.parent) {
    const { parent } = current;
    if (parent.type === 'call' && current.field === 'function' && current.type === 'attribute') {
      return !DATA_METHODS.has(lastName(module, current));
    }
    if (
      parent.type === 'attribute' &&
      /^(shape|name|layers|count_params|history|input_shape|output_shape)$/.test(lastName(module, parent))
    ) {
      return /^layers$/.test(lastName(module, parent));
    }
    if (parent.type === 'comparison_operator' || parent.type === 'lambda') return false;
  }
  return true;
}

const DATA_METHODS = new Set([
  'predict',
  'predict_generator',
  'evaluate',
  'evaluate_generator',
  'fit',
  'fit_generator',
  'to_json',
  'to_yaml',
  'count_params',
  'get_weights',
  'train_on_batch',
  'test_on_batch',
  'predict_on_batch',
  'summary',
  'get_config',
  'save',
  'save_weights',
]);

function lastName(module: PythonModule, attribute: PyNode): string {
  const name = childByField(attribute, 'attribute');
  return name === undefined ? '' : module.source.textOf(name);
}

/**
 * The statements that construct the optimizer and metrics of a `compile` call, all in its own function.
 *
 * @throws Refusal when one comes from where it cannot be seen, and so may be built outside the scope.
 */
export function compileSlice(module: PythonModule, call: PyNode): PyNode[] {
  const { positional, keywords } = callArguments(module.source, call);
  const optimizer = keywords.get('optimizer') ?? positional[0];
  const metrics = keywords.get('metrics') ?? positional[2];
  const statements = new Set<PyNode>();
  for (const [argument, required] of [
    [optimizer, true],
    [metrics, false],
  ] as const) {
    if (argument !== undefined) followValue(module, argument, call, statements, required, 0);
  }
  return [...statements];
}

function followValue(
  module: PythonModule,
  value: PyNode,
  at: PyNode,
  statements: Set<PyNode>,
  required: boolean,
  depth: number,
): void {
  if (depth > 5) return;
  for (const node of descendants(value)) {
    if (node.type === 'lambda') continue;
    if (
      node.type === 'identifier' &&
      !(node.field === 'attribute') &&
      !(node.field === 'name' && node.parent?.type === 'keyword_argument')
    ) {
      followName(module, node, at, statements, required && node === value, depth);
    } else if (node.type === 'attribute' && node === value && required) {
      followAttribute(module, node, at, statements, depth);
    }
  }
}

function followName(
  module: PythonModule,
  node: PyNode,
  at: PyNode,
  statements: Set<PyNode>,
  required: boolean,
  depth: number,
): void {
  const variable = variableOf(module, node);
  if (variable === undefined) return;
  const binding = variable.root;
  if (binding.writes.every((write) => write.kind === 'import' || write.kind === 'definition' || write.kind === 'for'))
    return;
  if (binding.scope !== module.scopes.functionScopeAt(at)) {
    if (required && !binding.writes.every((write) => isText(childByField(write.site, 'right')))) {
      throw new Refusal(
        RefusalReason.CompileNotInView,
        `the optimizer “${variable.text}” is constructed outside this function`,
      );
    }
    return;
  }
  const definitions = reachingDefinitions(module, variable, at);
  if (
    definitions.length === 0 &&
    required &&
    binding.writes.some((write) => write.kind === 'parameter' && !isText(childByField(write.site, 'value')))
  ) {
    throw new Refusal(RefusalReason.CompileNotInView, `the optimizer “${variable.text}” comes in as a parameter`);
  }
  for (const definition of definitions) {
    const right = assignmentOf(definition)?.right;
    if (right === undefined || !constructs(module, right)) continue;
    if (statements.has(definition)) continue;
    statements.add(definition);
    for (const inner of descendants(right)) {
      if (
        inner.type === 'identifier' &&
        /opt/i.test(module.source.textOf(inner)) &&
        inner.field !== 'attribute' &&
        inner.field !== 'name'
      ) {
        followName(module, inner, definition, statements, false, depth + 1);
      }
    }
  }
}

function followAttribute(module: PythonModule, node: PyNode, at: PyNode, statements: Set<PyNode>, depth: number): void {
  const variable = variableOf(module, node);
  const text = module.source.textOf(node);
  if (variable === undefined) return;
  const local = reachingDefinitions(module, variable, at);
  if (local.length > 0) {
    for (const definition of local) {
      const right = assignmentOf(definition)?.right;
      if (right !== undefined && constructs(module, right)) statements.add(definition);
    }
    return;
  }
  if (depth === 0 && text.startsWith('self.')) {
    const owner = enclosingClass(at);
    for (const assignment of owner === undefined ? [] : descendants(owner)) {
      const parsed = assignmentOf(assignment);
      if (parsed === undefined || module.source.textOf(parsed.left) !== text) continue;
      if (constructs(module, parsed.right)) {
        throw new Refusal(RefusalReason.CompileNotInView, `the optimizer ${text} is constructed in another method`);
      }
    }
  }
}

/** Whether an expression makes an object, rather than naming one by text. */
function constructs(module: PythonModule, value: PyNode): boolean {
  for (const node of descendants(value)) {
    if (node.type !== 'call') continue;
    const callee = childByField(node, 'function');
    if (callee === undefined) continue;
    const text = module.source.textOf(callee);
    if (
      ['int', 'float', 'str', 'len', 'dict', 'list', 'parse_args', 'vars'].includes(text) ||
      /\.(parse_args|get|split|lower)$/.test(text)
    )
      continue;
    return true;
  }
  return false;
}

function isText(value: PyNode | undefined): boolean {
  return value?.type === 'string' || value?.type === 'none' || value?.type === 'integer' || value?.type === 'float';
}

/** What a statement does to a model that has to stay outside the scope. */
const TRAINING_METHODS = new Set([
  'fit',
  'fit_generator',
  'train_on_batch',
  'test_on_batch',
  'predict',
  'predict_generator',
  'predict_on_batch',
  'evaluate',
  'evaluate_generator',
  'save',
  'save_weights',
]);

/** Calls of a method on one of the variables inside a node. */
export function methodCalls(
  module: PythonModule,
  variables: readonly Variable[],
  within: PyNode,
  names: ReadonlySet<string>,
): PyNode[] {
  const calls: PyNode[] = [];
  for (const variable of variables) {
    for (const mention of mentionsOf(module, variable, within)) {
      const attribute = mention.parent;
      if (
        attribute?.type !== 'attribute' ||
        mention.field !== 'object' ||
        attribute.parent?.type !== 'call' ||
        attribute.field !== 'function'
      )
        continue;
      const name = childByField(attribute, 'attribute');
      if (name !== undefined && names.has(module.source.textOf(name))) calls.push(attribute.parent);
    }
  }
  return calls.sort((a, b) => a.start - b.start);
}

/** Whether a statement trains, evaluates, predicts with or saves one of the variables. */
export function trains(module: PythonModule, variables: readonly Variable[], statement: PyNode): boolean {
  return methodCalls(module, variables, statement, TRAINING_METHODS).length > 0;
}
