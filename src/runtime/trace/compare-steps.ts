/** Finds what differs between the steps that the processes of a cluster are about to run. Pure. */
import type { ComparedStep } from './step-peers.js';
import type { CollectiveTensor } from './watchdog/watched-step.js';

/** Layer names count up over a process, so equal programs may have different numbers in them. */
const withoutNumbers = (name: string): string => name.replaceAll(/\d+/g, '');

const words = (tensor: CollectiveTensor | undefined): string =>
  tensor === undefined ? 'none' : `${tensor.name === '' ? 'a tensor' : tensor.name} [${tensor.shape.join(',')}]`;

/** One difference: what differs, and what each process has. */
interface Difference {
  readonly what: string;
  readonly values: readonly string[];
}

function difference(what: string, values: readonly string[]): Difference | undefined {
  return values.every((value) => value === values[0]) ? undefined : { what, values };
}

/** Compares tensor by tensor. A process without rows knows no names, and does not take part. */
function tensorDifference(steps: readonly ComparedStep[]): Difference | undefined {
  const named = steps.map(({ tensors }) => (tensors.some(({ name }) => name !== '') ? tensors : undefined));
  const length = Math.max(0, ...named.map((tensors) => tensors?.length ?? 0));
  for (let index = 0; index < length; index++) {
    const values = named.map((tensors) => (tensors === undefined ? '(no rows)' : words(tensors[index])));
    const known = values.filter((_, step) => named[step] !== undefined).map(withoutNumbersOfName);
    if (known.some((value) => value !== known[0])) return { what: `tensor ${String(index + 1)}`, values };
  }
  return undefined;
}

/** Keeps the numbers of the shape. */
function withoutNumbersOfName(value: string): string {
  const shape = value.lastIndexOf('[');
  return shape === -1 ? value : withoutNumbers(value.slice(0, shape)) + value.slice(shape);
}

/**
 * Describes the first difference between the steps of several processes.
 *
 * @param steps - The step of each process.
 * @param tasks - Names each process.
 * @returns What differs and how; undefined when the steps are the same.
 */
export function describeDifference(steps: readonly ComparedStep[], tasks: readonly string[]): string | undefined {
  const found =
    difference(
      'the step',
      steps.map(({ name }) => `the step "${name}"`),
    ) ??
    tensorDifference(steps) ??
    difference(
      'the number of examples in the global batch',
      steps.map(({ rows }) => String(rows)),
    ) ??
    difference(
      'the optimizer',
      steps.map(({ optimizers }) => optimizers),
    ) ??
    difference(
      'the option gradientType',
      steps.map(({ gradientType }) => gradientType),
    ) ??
    difference(
      'the number of collectives',
      steps.map(({ exchanged }) => String(exchanged.length)),
    ) ??
    difference(
      'what the collectives carry',
      steps.map(({ exchanged }) => exchanged.join(' ')),
    );
  if (found === undefined) return undefined;
  const each = found.values.map((value, index) => `${tasks[index] ?? ''} has ${value}`).join('; ');
  return `${found.what} differs: ${each}.`;
}
