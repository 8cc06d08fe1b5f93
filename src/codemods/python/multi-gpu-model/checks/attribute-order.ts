/**
 * In which order the methods of a class run, as far as the wrap of an attribute depends on it: what the strategy
 * needs is set before the model is built, and the model is wrapped whenever it is trained.
 */
import type { PythonModule } from '../../analysis/module.js';
import type { Definition } from '../uses/exported-origin.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { isPure } from '../../analysis/purity.js';
import { enclosingClass, enclosingFunction, statementOf } from '../../analysis/statements.js';
import { isWrite } from '../../analysis/variables.js';
import { childByField, closest, contains, descendants, namedChildren, type PyNode } from '../../syntax/node.js';
import { Refusal } from '../refusal.js';
import { subclassesIn } from '../uses/subclasses.js';

/** The methods that stand directly in a class. */
export function methodsOf(owner: PyNode): PyNode[] {
  return [...descendants(owner)].filter(
    (node) => node.type === 'function_definition' && enclosingClass(node) === owner,
  );
}

/** The statements of a class that assign an attribute. */
export function attributeWrites(module: PythonModule, text: string, owner: PyNode): PyNode[] {
  const found: PyNode[] = [];
  for (const node of descendants(owner)) {
    if (node.type === 'attribute' && module.source.textOf(node) === text && isWrite(node))
      found.push(statementOf(node));
  }
  return found;
}

/**
 * An expression of one method may be evaluated in another when it only reads globals and attributes that are set by then.
 *
 * @throws Refusal otherwise.
 */
export function checkKnownAtBuild(
  module: PythonModule,
  expression: PyNode,
  builder: PyNode,
  before: PyNode,
  owner: PyNode,
): void {
  const refusal = new Refusal(
    RefusalReason.EvaluationOrder,
    `“${module.source.textOf(expression)}” is not known where the model is built`,
  );
  if (!isPure(module, expression)) throw refusal;
  for (const node of descendants(expression)) {
    if (node.type === 'identifier' && node.field !== 'attribute' && module.source.textOf(node) !== 'self') {
      const binding = module.scopes.bindingOf(node);
      if (binding !== undefined && binding.scope.kind !== 'module') throw refusal;
    }
    if (node.type !== 'attribute' || !module.source.textOf(node).startsWith('self.')) continue;
    const writes = attributeWrites(module, module.source.textOf(node), owner);
    const known = writes.length > 0 && writes.every((write) => comesFirst(module, write, builder, before, owner));
    if (!known || isSetFromOutside(module, node, owner)) throw refusal;
  }
}

/** `trainer.gpus = 4` in the file, whatever `trainer` is. */
function isSetFromOutside(module: PythonModule, attribute: PyNode, owner: PyNode): boolean {
  const name = module.source.textOf(childByField(attribute, 'attribute') ?? attribute);
  return module.identifiersNamed(name).some((node) => {
    const whole = node.field === 'attribute' && node.parent?.type === 'attribute' ? node.parent : undefined;
    return whole !== undefined && isWrite(whole) && !contains(owner, whole);
  });
}

function comesFirst(module: PythonModule, write: PyNode, builder: PyNode, before: PyNode, owner: PyNode): boolean {
  const method = enclosingFunction(write);
  if (method === builder) return write.end <= before.start;
  if (method === undefined || nameOf(module, method) !== '__init__') return false;
  const builders = methodsThatReach(module, builder, owner);
  return [...descendants(method)].every((node) => {
    if (node.type !== 'call' || node.start >= write.start) return true;
    const callee = childByField(node, 'function');
    const text = callee === undefined ? '' : module.source.textOf(callee);
    // The base class may call what this class overrides.
    return (
      !builders.has(text.replace(/^self\./, '')) && !(/^super\(|\.__init__$/.test(text) && hasBases(module, owner))
    );
  });
}

/** The names of the methods that call a method, directly or through others, and its own. */
function methodsThatReach(module: PythonModule, target: PyNode, owner: PyNode): Set<string> {
  const names = new Set([nameOf(module, target)]);
  for (let size = 0; size !== names.size;) {
    size = names.size;
    for (const method of methodsOf(owner)) {
      if ([...names].some((name) => callsOf(module, name, method).length > 0)) names.add(nameOf(module, method));
    }
  }
  return names;
}

/**
 * The wrap of an attribute has to happen whenever the model is trained: `__init__` gets there, or nothing compiles the
 * model unwrapped.
 *
 * @throws Refusal when the model may stay unwrapped.
 */
export function checkAlwaysWrapped(
  module: PythonModule,
  wrapper: PyNode,
  owner: PyNode,
  compiledUnwrapped: boolean,
): void {
  const chain = methodsThatReach(module, wrapper, owner);
  for (const name of chain) {
    if (name === '__init__') continue;
    const conditional = callsOf(module, name, module.source.root).some(
      (call) => closest(call, (node) => BRANCHES.test(node.type)) !== undefined,
    );
    if (conditional)
      throw new Refusal(RefusalReason.EvaluationOrder, `${name}, which wraps the model, is called under a condition`);
  }
  if (compiledUnwrapped && !chain.has('__init__')) {
    throw new Refusal(
      RefusalReason.CallersNotInView,
      `nothing in view says that ${nameOf(module, wrapper)}, which wraps the model, is called`,
    );
  }
}

const BRANCHES = /^(if|for|while|try|match)_statement$|^conditional_expression$/;

/**
 * @param elsewhere The classes of other files that extend the class.
 * @throws Refusal when one builds the attribute in another way than the class that it extends.
 */
export function checkSubclasses(
  module: PythonModule,
  owner: PyNode,
  attribute: string,
  builder: PyNode,
  elsewhere: readonly Definition[],
): void {
  const own = subclassesIn(module, nameOf(module, owner)).map((node) => ({ module, node }));
  for (const { module: home, node } of [...own, ...elsewhere]) {
    const overrides = methodsOf(node).some((method) => nameOf(home, method) === nameOf(module, builder));
    if (overrides || attributeWrites(home, attribute, node).length > 0) {
      throw new Refusal(RefusalReason.ModelNotInView, `${nameOf(home, node)} builds “${attribute}” in another way`);
    }
  }
}

function callsOf(module: PythonModule, name: string, within: PyNode): PyNode[] {
  return [...descendants(within)].filter((node) => {
    const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
    const member = callee?.type === 'attribute' ? childByField(callee, 'attribute') : undefined;
    return member !== undefined && module.source.textOf(member) === name;
  });
}

function hasBases(module: PythonModule, owner: PyNode): boolean {
  const bases = childByField(owner, 'superclasses');
  return (
    bases !== undefined &&
    namedChildren(bases).some((base) => !/^(object|(abc\.)?ABC|metaclass\s*=.*)$/.test(module.source.textOf(base)))
  );
}

function nameOf(module: PythonModule, definition: PyNode): string {
  return module.source.textOf(childByField(definition, 'name') ?? definition);
}
