/** One call of `multi_gpu_model`: its arguments, and what the code does with the result. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';

import { assignmentOf, callArguments, expressionOf, statementOf } from '../../analysis/statements.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { namedChildren, type PyNode } from '../../syntax/node.js';

/** What the code does with the multi-GPU model. */
export type WrapForm = 'assigned' | 'returned' | 'argument' | 'discarded';

/** One call that wraps a model. */
export interface WrapSite {
  readonly call: PyNode;
  readonly statement: PyNode;
  readonly model: PyNode;
  /** The number or list of GPUs; undefined when omitted or `None`. */
  readonly gpus: PyNode | undefined;
  readonly form: WrapForm;
  /** The name or attribute that receives the multi-GPU model. */
  readonly target: PyNode | undefined;
  /** `wrap(m) if condition else m`: the condition, when the call is one arm of a conditional expression. */
  readonly conditional:
    | { readonly expression: PyNode; readonly condition: PyNode; readonly negated: boolean; readonly other: PyNode }
    | undefined;
  /** What a helper compares the GPUs with before it wraps, e.g. ` > 1`. */
  readonly helperCondition: string | undefined;
  /** A condition on global names under which a helper wraps. */
  readonly helperGuard?: PyNode | undefined;
}

/** Which parameters of a callable take the model and the GPUs. */
export interface WrapperSignature {
  readonly parameters: readonly string[];
  readonly model: string;
  readonly gpus: string | undefined;
  /** What follows the GPUs in the condition under which it wraps, e.g. ` > 1`; empty when they are the condition. */
  readonly condition?: string;
  /** The GPUs, when the callable reads them from global names. */
  readonly globalGpus?: PyNode | undefined;
  /** The condition under which it wraps, when it reads only global names. */
  readonly globalCondition?: PyNode | undefined;
}

export const KERAS_SIGNATURE: WrapperSignature = {
  parameters: ['model', 'gpus', 'cpu_merge', 'cpu_relocation'],
  model: 'model',
  gpus: 'gpus',
};

/** Reads one call; refuses where its arguments or the use of its result cannot be understood. */
export function readWrapSite(module: PythonModule, call: PyNode, signature: WrapperSignature): WrapSite | Refusal {
  const { source } = module;
  const given = callArguments(source, call);
  if (given.spread) return REFUSALS.spreadArguments;
  const argument = (name: string): PyNode | undefined =>
    given.keywords.get(name) ?? given.positional[signature.parameters.indexOf(name)];
  const model = argument(signature.model);
  if (model === undefined) return REFUSALS.noModelArgument;
  const isKerasOwn = signature === KERAS_SIGNATURE;
  const relocation = isKerasOwn ? argument('cpu_relocation') : undefined;
  if (relocation !== undefined && source.textOf(relocation) !== 'False') return REFUSALS.cpuRelocation;
  const gpus = signature.gpus === undefined ? signature.globalGpus : argument(signature.gpus);
  if (signature.gpus !== undefined && gpus === undefined && !isKerasOwn) return REFUSALS.gpuCountIsHelperDefault;
  if (isKerasOwn && gpus !== undefined && /^(0|\[\s*\]|\(\s*\))$/.test(source.textOf(gpus))) return REFUSALS.noGpus;
  const outer = outsideParentheses(call);
  const conditional = conditionalAround(outer);
  return readResult(outer, {
    call,
    statement: statementOf(call),
    model,
    gpus: gpus !== undefined && source.textOf(gpus) !== 'None' ? gpus : undefined,
    conditional,
    helperCondition: signature.condition,
    helperGuard: signature.globalCondition,
  });
}

function readResult(outer: PyNode, site: Omit<WrapSite, 'form' | 'target'>): WrapSite | Refusal {
  const { statement, conditional } = site;
  const value = conditional === undefined ? outer : outsideParentheses(conditional.expression);
  const assignment = assignmentOf(statement);
  if (assignment !== undefined && assignment.right === value && isNameOrAttribute(assignment.left))
    return { ...site, form: 'assigned', target: assignment.left };
  if (statement.type === 'return_statement' && namedChildren(statement)[0] === value)
    return { ...site, form: 'returned', target: undefined };
  if (expressionOf(statement) === value) return { ...site, form: 'discarded', target: undefined };
  if (conditional !== undefined) return REFUSALS.partOfLargerConditional;
  if (outer.parent?.type === 'attribute') return REFUSALS.wrappedAndUsedAtOnce;
  if (COLLECTIONS.has(outer.parent?.type ?? '')) return REFUSALS.keptInCollection;
  return { ...site, form: 'argument', target: undefined };
}

/** A model inside one of these has no name, so nothing shows which statement compiles it. */
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

function isNameOrAttribute(left: PyNode): boolean {
  return left.type === 'identifier' || left.type === 'attribute';
}

function outsideParentheses(node: PyNode): PyNode {
  return node.parent?.type === 'parenthesized_expression' ? outsideParentheses(node.parent) : node;
}

function conditionalAround(value: PyNode): WrapSite['conditional'] {
  const expression = value.parent;
  if (expression?.type !== 'conditional_expression') return undefined;
  const [consequence, condition, alternative] = namedChildren(expression);
  if (consequence === undefined || condition === undefined || alternative === undefined) return undefined;
  if (consequence === value) return { expression, condition, negated: false, other: alternative };
  if (alternative === value) return { expression, condition, negated: true, other: consequence };
  return undefined;
}
