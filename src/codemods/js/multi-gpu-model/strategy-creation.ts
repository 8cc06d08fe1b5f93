/** Writes the expression that creates a strategy, with the names under which the runtime exports its classes. Pure. */
import type { StrategyTarget } from '../../options.js';

/** The class of each strategy. */
export const STRATEGY_CLASSES = {
  mirrored: 'MirroredStrategy',
  'multi-worker': 'MultiWorkerMirroredStrategy',
} as const satisfies Readonly<Record<StrategyTarget, string>>;

/**
 * The expression, such as `new MirroredStrategy({ devices: 2 })`.
 *
 * @param strategy - Which strategy.
 * @param devices - The text of the devices of one process; undefined for all.
 * @returns The text.
 */
export function strategyCreation(strategy: StrategyTarget, devices: string | undefined): string {
  const options = [
    ...(strategy === 'multi-worker' ? ['clusterResolver: new TFConfigClusterResolver()'] : []),
    ...(devices === undefined ? [] : [devices === 'devices' ? 'devices' : `devices: ${devices}`]),
  ];
  return `new ${STRATEGY_CLASSES[strategy]}(${options.length === 0 ? '' : `{ ${options.join(', ')} }`})`;
}
