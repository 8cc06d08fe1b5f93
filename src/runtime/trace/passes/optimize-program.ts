/** What is done with a recorded program before it becomes a function: fewer ops, same values. Pure. */
import type { Program } from '../program.js';

import { shareCommonSubexpressions } from './common-subexpressions.js';
import { fuseAdam } from './fuse-adam.js';
import { fuseBatchNorm } from './fuse-batch-norm.js';
import { GRADIENT_RULES, LAST_RULES } from './gradient-rules.js';
import { IDENTITY_RULES } from './identity-rules.js';
import { pruneDeadOperations } from './prune.js';
import { rewriteProgram, type RewriteRule } from './rewrite.js';
import { simplifySoftmax } from './simplify-softmax.js';

function joinRules(...tables: readonly ReadonlyMap<string, readonly RewriteRule[]>[]): Map<string, RewriteRule[]> {
  const joined = new Map<string, RewriteRule[]>();
  for (const table of tables) for (const [op, rules] of table) joined.set(op, [...(joined.get(op) ?? []), ...rules]);
  return joined;
}

const RULES = joinRules(IDENTITY_RULES, GRADIENT_RULES);

/** In this order: each pass makes patterns that the next ones know. */
const PASSES: readonly ((program: Program) => Program)[] = [
  pruneDeadOperations,
  (program) => rewriteProgram(program, RULES),
  shareCommonSubexpressions,
  (program) => rewriteProgram(program, RULES),
  shareCommonSubexpressions,
  pruneDeadOperations,
  simplifySoftmax,
  pruneDeadOperations,
  fuseAdam,
  fuseBatchNorm,
  shareCommonSubexpressions,
  pruneDeadOperations,
  (program) => rewriteProgram(program, LAST_RULES),
];

/** The program in fewer ops. TensorFlow's own optimizer folds constants and fuses kernels afterwards. */
export function optimizeProgram(program: Program): Program {
  return PASSES.reduce((current, pass) => pass(current), program);
}
