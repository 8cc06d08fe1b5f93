/**
 * The passes that a recorded program goes through before it becomes a function: fewer ops, same values. Pure.
 * To add a pass, write its module and add it to the list here. A pattern that ends at one op is a rule, not a pass.
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

/** In this order: each pass creates patterns that later ones recognize. These suit every compiler. */
const SIMPLIFYING_PASSES: readonly Pass[] = [
  // The recording computes values that nothing uses; later passes need not look at them.
  pruneDeadOperations,
  // Removes ops that change nothing, and uses TensorFlow's own gradient ops.
  (program) => rewriteProgram(program, RULES),
  // Makes equal values one value, so that a pattern matches wherever it reads the same value twice.
  shareCommonSubexpressions,
  // Applies the rules to patterns that only exist now that equal values are one.
  (program) => rewriteProgram(program, RULES),
  shareCommonSubexpressions,
  // Later passes count the readers of a value: ops that are no longer used must not count.
  pruneDeadOperations,
  // Removes divisions by the row sums of a softmax, and the term for them in its gradient.
  simplifySoftmax,
  pruneDeadOperations,
];

/** Use ops of TensorFlow that do more at once. */
const FUSING_PASSES: readonly Pass[] = [
  // Both recognize whole formulas, and need them as the rules above leave them.
  fuseAdam,
  fuseBatchNorm,
  // Adam's fused steps compute the same scalars for every variable.
  shareCommonSubexpressions,
  // Removes the ops that the passes above made unused.
  pruneDeadOperations,
  // Replaces the sums that the passes above match. It leaves no unused ops.
  (program) => rewriteProgram(program, LAST_RULES),
];

/**
 * Optimizes a program. TensorFlow's own optimizer folds constants and fuses kernels afterwards.
 *
 * @param program - A recorded program.
 * @returns A program with the same parameters and results, in fewer ops.
 */
export function optimizeProgram(program: Program): Program {
  return FUSING_PASSES.reduce((current, pass) => pass(current), simplifyProgram(program));
}

/**
 * Simplifies a program for a compiler that fuses ops itself.
 *
 * @param program - A recorded program.
 * @returns A program with the same parameters and results, of basic ops.
 */
export function simplifyProgram(program: Program): Program {
  return SIMPLIFYING_PASSES.reduce((current, pass) => pass(current), program);
}
