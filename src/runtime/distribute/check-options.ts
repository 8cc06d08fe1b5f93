/** Checks the options of strategies, and rejects those that JavaScript would silently ignore. Pure. */
import { ErrorCode } from '../../errors/error-code.js';
import { MirrorscopeError } from '../../errors/mirrorscope-error.js';
import { ClusterResolver } from '../cluster/resolvers/cluster-resolver.js';

/** The values that one option accepts. Every option also accepts `undefined`. */
interface OptionRule {
  /** Describes the values in error messages. */
  readonly words: string;
  readonly allows: (value: unknown) => boolean;
}

/** The rules of a set of options, by the name of the option. */
export type OptionRules = Readonly<Record<string, OptionRule>>;

const isNumberFrom0 = (value: unknown): boolean => typeof value === 'number' && value >= 0;
const isObject = (value: unknown): boolean => value !== null && typeof value === 'object' && !Array.isArray(value);
const anything = (): boolean => true;

const IMPLEMENTATIONS: readonly unknown[] = ['auto', 'ring', 'nccl'];
const GRADIENT_TYPES: readonly unknown[] = ['float32', 'float16', 'bfloat16'];

const COMMUNICATION_RULES: OptionRules = {
  bytesPerPack: { words: 'a number of 0 or more', allows: isNumberFrom0 },
  timeoutSeconds: { words: 'a number of 0 or more', allows: isNumberFrom0 },
  implementation: { words: "'auto', 'ring' or 'nccl'", allows: (value) => IMPLEMENTATIONS.includes(value) },
  gradientType: {
    words: "'float32', 'float16' or 'bfloat16'",
    allows: (value) => GRADIENT_TYPES.includes(value),
  },
};

const COMMON_RULES: OptionRules = {
  // Checked by the engines.
  devices: { words: 'devices', allows: anything },
  engine: { words: 'an engine', allows: anything },
  communicationOptions: { words: 'an object', allows: isObject },
  runEagerly: { words: 'true or false', allows: (value) => typeof value === 'boolean' },
  seed: { words: 'a whole number', allows: Number.isSafeInteger },
  gradientAccumulationSteps: {
    words: 'a whole number of 1 or more',
    allows: (value) => Number.isInteger(value) && (value as number) > 0,
  },
};

const MIRRORED_RULES: OptionRules = {
  ...COMMON_RULES,
  // Checked by the strategy.
  crossDeviceOps: { words: 'an instance of CrossDeviceOps', allows: anything },
};

const isTimeout = (value: unknown): boolean => typeof value === 'number' && value > 0 && Number.isFinite(value);

const MULTI_WORKER_RULES: OptionRules = {
  ...COMMON_RULES,
  // Checked by the strategy.
  clusterResolver: { words: 'a ClusterResolver', allows: (value) => value instanceof ClusterResolver },
  pythonPeers: { words: 'true or false', allows: (value) => typeof value === 'boolean' },
  allowUnauthenticatedPeers: { words: 'true or false', allows: (value) => typeof value === 'boolean' },
  startTimeoutSeconds: { words: 'a number above 0', allows: isTimeout },
  heartbeatTimeoutSeconds: { words: 'a number above 0', allows: isTimeout },
};

function refuse(message: string, hint: string): never {
  throw new MirrorscopeError(ErrorCode.InvalidArgument, message, { hint });
}

function inWords(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : Array.isArray(value) ? 'a list' : String(value);
}

function checkOptions(of: string, rules: OptionRules, options: object): void {
  for (const [name, value] of Object.entries(options)) {
    const rule = rules[name];
    if (rule === undefined)
      refuse(`${of} has no option ${JSON.stringify(name)}.`, `It takes ${Object.keys(rules).join(', ')}.`);
    if (value !== undefined && !rule.allows(value))
      refuse(`${name} must be ${rule.words}, not ${inWords(value)}.`, 'See docs/runtime.md for the options.');
  }
}

function checkStrategyOptions(strategy: string, rules: OptionRules, example: string, options: unknown): void {
  if (!isObject(options))
    refuse(`${strategy} takes an object of options, not ${inWords(options)}.`, `For example: ${example}.`);
  checkOptions(strategy, rules, options as object);
  const { communicationOptions = {} } = options as { communicationOptions?: object };
  checkOptions('communicationOptions', COMMUNICATION_RULES, communicationOptions);
}

/**
 * Checks the options of a `MirroredStrategy`.
 *
 * @param options - What the user passed to the constructor.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for an unknown option, and for a value that an option does not accept.
 */
export function checkMirroredOptions(options: unknown): void {
  checkStrategyOptions('MirroredStrategy', MIRRORED_RULES, 'new MirroredStrategy({ devices: 2 })', options);
}

/**
 * Checks the options of a `MultiWorkerMirroredStrategy`.
 *
 * @param options - What the user passed to the constructor.
 * @throws {MirrorscopeError} `INVALID_ARGUMENT` for an unknown option, and for a value that an option does not accept.
 */
export function checkMultiWorkerOptions(options: unknown): void {
  const example = 'new MultiWorkerMirroredStrategy({ clusterResolver: new TFConfigClusterResolver() })';
  checkStrategyOptions('MultiWorkerMirroredStrategy', MULTI_WORKER_RULES, example, options);
}
