/** Finds the calls of `multi_gpu_model` in a file and says what each one does with its result. */
import type { PythonModule } from '../../analysis/module.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { assignmentOf, callArguments, expressionOf, statementOf } from '../../analysis/statements.js';
import { namedChildren, type PyNode } from '../../syntax/node.js';
import { Refusal } from '../refusal.js';

import { isLegacyFunction } from './legacy-api.js';

/** What happens with the wrapped model. */
export type WrapForm = 'assigned' | 'returned' | 'argument' | 'discarded';

/** One live call that wraps a model. */
export interface WrapSite {
  readonly call: PyNode;
  readonly statement: PyNode;
  readonly model: PyNode;
  /** The number or list of GPUs; undefined when omitted or `None`. */
  readonly gpus: PyNode | undefined;
  readonly form: WrapForm;
  /** The name or attribute that receives the wrapped model. */
  readonly target: PyNode | undefined;
  /** `wrap(m) if condition else m`: the condition, when the wrap is one arm of a conditional expression. */
  readonly conditional:
    | { readonly expression: PyNode; readonly condition: PyNode; readonly negated: boolean; readonly other: PyNode }
    | undefined;
  /** The rest of a condition that a helper asks about the GPUs, e.g. ` > 1`. */
  readonly helperCondition: string | undefined;
}

/** A use of the function that is not a call of it, or a call that cannot be understood. */
export interface UnreadableUse {
  readonly node: PyNode;
  readonly refusal: Refusal;
}

/** Every use of `multi_gpu_model` in a file. */
export interface WrapUses {
  readonly sites: readonly WrapSite[];
  readonly unreadable: readonly UnreadableUse[];
}

/** How a callable takes the model and the GPUs. */
export interface WrapperSignature {
  readonly parameters: readonly string[];
  readonly model: string;
  readonly gpus: string | undefined;
  /** What follows the GPUs in the condition under which it wraps, e.g. ` > 1`; empty when they are the condition. */
  readonly condition?: string;
}

const KERAS_SIGNATURE: WrapperSignature = {
  parameters: ['model', 'gpus', 'cpu_merge', 'cpu_relocation'],
  model: 'model',
  gpus: 'gpus',
};

/** Collects all uses, through every form of import. */
export function findWrapUses(
  module: PythonModule,
  wrappers: (callee: PyNode) => WrapperSignature | undefined = () => undefined,
): WrapUses {
  const sites: WrapSite[] = [];
  const unreadable: UnreadableUse[] = [];
  for (const node of module.source.nodes) {
    if (node.type !== 'identifier' && node.type !== 'attribute') continue;
    if (node.parent?.type === 'attribute' && node.field !== 'object') continue;
    if (isImportName(node) || isGlobalName(node)) continue;
    const signature = isLegacy(module, node) ? KERAS_SIGNATURE : wrappers(node);
    if (signature === undefined) continue;
    if (isBindingOccurrence(module, node)) continue;
    const call = node.parent;
    try {
      if (call?.type !== 'call' || node.field !== 'function') {
        throw new Refusal(RefusalReason.NotCalledDirectly, 'multi_gpu_model is passed around here, not called');
      }
      sites.push(readSite(module, call, signature));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      unreadable.push({ node, refusal: error });
    }
  }
  return { sites, unreadable };
}

function isLegacy(module: PythonModule, node: PyNode): boolean {
  return module.origins.of(node).some(isLegacyFunction);
}

function isBindingOccurrence(module: PythonModule, node: PyNode): boolean {
  if (node.type !== 'identifier') return false;
  return module.scopes.bindingOf(node)?.writes.some((write) => write.name === node) ?? false;
}

function isImportName(node: PyNode): boolean {
  return node.parent?.type === 'dotted_name' || node.parent?.type === 'aliased_import';
}

function isGlobalName(node: PyNode): boolean {
  return node.parent?.type === 'global_statement' || node.parent?.type === 'nonlocal_statement';
}

function readSite(module: PythonModule, call: PyNode, signature: WrapperSignature): WrapSite {
  const { source } = module;
  const given = callArguments(source, call);
  if (given.spread) throw new Refusal(RefusalReason.DynamicArguments, 'the call takes * or ** arguments');
  const argument = (name: string): PyNode | undefined =>
    given.keywords.get(name) ?? given.positional[signature.parameters.indexOf(name)];
  const model = argument(signature.model);
  if (model === undefined) throw new Refusal(RefusalReason.DynamicArguments, 'the call has no model argument');
  const relocation = signature === KERAS_SIGNATURE ? argument('cpu_relocation') : undefined;
  if (relocation !== undefined && source.textOf(relocation) !== 'False') {
    throw new Refusal(
      RefusalReason.CpuRelocation,
      'cpu_relocation clones the model, so that the template no longer shares its weights',
    );
  }
  const gpus = signature.gpus === undefined ? undefined : argument(signature.gpus);
  const given_gpus = gpus !== undefined && source.textOf(gpus) !== 'None' ? gpus : undefined;
  if (signature.gpus !== undefined && gpus === undefined && signature !== KERAS_SIGNATURE) {
    throw new Refusal(RefusalReason.DynamicArguments, 'the number of GPUs is a default of the function that wraps');
  }
  if (signature === KERAS_SIGNATURE && gpus !== undefined && /^(0|\[\s*\]|\(\s*\))$/.test(source.textOf(gpus))) {
    throw new Refusal(
      RefusalReason.MeaningChanged,
      'no GPUs mean all of them in keras itself, and multi_gpu_model of tensorflow.keras raises',
    );
  }
  const statement = statementOf(call);
  const outer = unwrapParentheses(call);
  const conditional = conditionalOf(outer);
  const value = conditional === undefined ? outer : unwrapParentheses(conditional.expression);
  const assignment = assignmentOf(statement);
  const base = { call, statement, model, gpus: given_gpus, conditional, helperCondition: signature.condition };
  if (assignment !== undefined && assignment.right === value && isSimpleTarget(assignment.left)) {
    return { ...base, form: 'assigned', target: assignment.left };
  }
  if (statement.type === 'return_statement' && namedChildren(statement)[0] === value) {
    return { ...base, form: 'returned', target: undefined };
  }
  if (expressionOf(statement) === value) return { ...base, form: 'discarded', target: undefined };
  if (conditional !== undefined)
    throw new Refusal(RefusalReason.DynamicArguments, 'the wrap is part of a larger conditional expression');
  if (outer.parent?.type === 'attribute')
    throw new Refusal(RefusalReason.EvaluationOrder, 'the model is wrapped and used in one expression');
  if (COLLECTIONS.has(outer.parent?.type ?? '')) {
    throw new Refusal(
      RefusalReason.WrappedInLoop,
      'the wrapped model is kept in a collection: what compiles it is not in view',
    );
  }
  return { ...base, form: 'argument', target: undefined };
}

/** Where a model has no name of its own: it is compiled by way of the collection. */
const COLLECTIONS: ReadonlySet<string> = new Set([
  'list',
  'tuple',
  'set',
  'pair',
  'list_comprehension',
  'set_comprehension',
  'dictionary_comprehension',
  'generator_expression',
]);

function isSimpleTarget(left: PyNode): boolean {
  return left.type === 'identifier' || left.type === 'attribute';
}

function unwrapParentheses(node: PyNode): PyNode {
  return node.parent?.type === 'parenthesized_expression' ? unwrapParentheses(node.parent) : node;
}

function conditionalOf(value: PyNode): WrapSite['conditional'] {
  const expression = value.parent;
  if (expression?.type !== 'conditional_expression') return undefined;
  const [consequence, condition, alternative] = namedChildren(expression);
  if (consequence === undefined || condition === undefined || alternative === undefined) return undefined;
  if (consequence === value) return { expression, condition, negated: false, other: alternative };
  if (alternative === value) return { expression, condition, negated: true, other: consequence };
  return undefined;
}
