/**
 * The passes that a recorded program goes through before it becomes a function: fewer ops, same values. Pure.
 * To add a pass, write its module and add it to the list here.
 */
import type { Program } from '../program.js';

import { shareCommonSubexpressions } from './common-subexpressions.js';
import { fuseAdam } from './fuse-adam.js';
import { fuseBatchNorm } from './fuse-batch-norm.js';
import { GRADIENT_RULES, LAST_RULES } from './gradient-rules.js';
import { IDENTITY_RULES } from './identity-rules.js';
import { pruneDeadOperations } from './prune.js';
import { joinRules, rewriteProgram } from './rewrite.js';
import { simplifySoftmax } from './simplify-softmax.js';

/** A pass returns a program with the same results. It need not remove the ops that it makes unused. */
export type Pass = (program: Program) => Program;

const RULES = joinRules(IDENTITY_RULES, GRADIENT_RULES);

/** In this order: each pass creates patterns that later ones recognize. */
const PASSES: readonly Pass[] = [
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

/**
 * Optimizes a program. TensorFlow's own optimizer folds constants and fuses kernels afterwards.
 *
 * @param program - A recorded program.
 * @returns A program with the same parameters and results, in fewer ops.
 */
export function optimizeProgram(program: Program): Program {
  return PASSES.reduce((current, pass) => pass(current), program);
}
