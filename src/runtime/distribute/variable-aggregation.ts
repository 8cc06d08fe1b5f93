/** How the values of a variable on several replicas become one. Pure. */
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';

/** How the values that replicas assign to a variable are combined, as `tf.VariableAggregation`. */
export enum VariableAggregation {
  /** Not at all: replicas must not assign the variable. */
  NONE = 'NONE',
  /** Add the values. */
  SUM = 'SUM',
  /** Take their arithmetic mean. */
  MEAN = 'MEAN',
  /** Take the value of replica 0. */
  ONLY_FIRST_REPLICA = 'ONLY_FIRST_REPLICA',
}

/** When the values of a variable on several replicas are combined, as `tf.VariableSynchronization`. */
export enum VariableSynchronization {
  /** When replicas assign the variable. It always has the same value on every replica. */
  ON_WRITE = 'ON_WRITE',
  /** When the variable is read outside replicas. Each replica has a value of its own. */
  ON_READ = 'ON_READ',
}

/** How a variable behaves in a strategy. */
export interface VariablePolicy {
  /** How the values that replicas assign are combined. */
  readonly aggregation: VariableAggregation;
  /** When they are combined. */
  readonly synchronization: VariableSynchronization;
}

function refuse(message: string, hint: string): never {
  throw new MirrorscopeError(ErrorCode.InvalidArgument, message, { hint });
}

/**
 * Checks the policy of a new variable.
 *
 * @param policy - The policy, from user code.
 * @param dtype - The element type of the variable.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for values that do not exist or do not go together.
 */
export function checkVariablePolicy({ aggregation, synchronization }: VariablePolicy, dtype: string): void {
  if (!Object.values(VariableAggregation).includes(aggregation))
    refuse(
      `${aggregation} is not a variable aggregation.`,
      `Pass one of ${Object.keys(VariableAggregation).join(', ')}.`,
    );
  if (!Object.values(VariableSynchronization).includes(synchronization))
    refuse(
      `${synchronization} is not a variable synchronization.`,
      `Pass one of ${Object.keys(VariableSynchronization).join(', ')}.`,
    );
  if (aggregation === VariableAggregation.MEAN && dtype !== 'float32')
    refuse(`A variable of type ${dtype} cannot have the aggregation MEAN.`, 'Use float32, or another aggregation.');
  if (aggregation === VariableAggregation.SUM && dtype !== 'float32' && dtype !== 'int32')
    refuse(`A variable of type ${dtype} cannot have the aggregation SUM.`, 'Use float32 or int32.');
  if (aggregation === VariableAggregation.NONE && synchronization === VariableSynchronization.ON_READ)
    refuse(
      'A variable with the synchronization ON_READ needs an aggregation.',
      'Reading it outside replicas combines their values: choose SUM, MEAN or ONLY_FIRST_REPLICA.',
    );
}
