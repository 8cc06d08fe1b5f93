/** Expands Slurm's short forms: lists of hosts, such as `n[1-3,7]`, and of task counts, such as `2(x3),1`. Pure. */
import { clusterError, shortJson, type ValueSource } from './cluster-error.js';
import { MAX_TASKS } from './parse-cluster-spec.js';

const MAX_LENGTH = 1_048_576;
const RANGES = /\[([^[\]]*)\]/;
const RANGE = /^(\d{1,9})(?:-(\d{1,9}))?$/;
const COUNT = /^(\d{1,9})(?:\(x(\d{1,9})\))?$/;

/**
 * Expands a list of hosts.
 *
 * @param list - Such as `n[1-2],m5,rack[1-2]n[07-08]`.
 * @param source - The variable that holds the list, for messages.
 * @returns The hosts in their order, such as `n1`, `n2`, `m5`, `rack1n07`, …; repeated hosts stay.
 * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when the list is malformed or names too many hosts.
 */
export function expandHostlist(list: string, source: ValueSource): string[] {
  if (list.length > MAX_LENGTH) throw clusterError(source, 'is too long');
  const hosts: string[] = [];
  for (const part of splitOutsideBrackets(list, source)) {
    hosts.push(...expandPart(part, source));
    assertCount(hosts.length, source);
  }
  return hosts;
}

/**
 * Expands the number of tasks of each node.
 *
 * @param list - Such as `2(x3),1`.
 * @param source - The variable that holds the list, for messages.
 * @returns One number for each node: 2, 2, 2, 1.
 * @throws {MirrorscopeError} `CLUSTER_CONFIGURATION` when the list is malformed or names too many nodes.
 */
export function expandTaskCounts(list: string, source: ValueSource): number[] {
  if (list.length > MAX_LENGTH) throw clusterError(source, 'is too long');
  const counts: number[] = [];
  for (const part of list.split(',')) {
    const match = COUNT.exec(part);
    if (match === null)
      throw clusterError(source, `must be a list of numbers, such as 2(x3),1; it has ${shortJson(part)}`);
    const repetitions = Number(match[2] ?? 1);
    assertCount(counts.length + repetitions, source);
    for (let index = 0; index < repetitions; index++) counts.push(Number(match[1]));
  }
  return counts;
}

function splitOutsideBrackets(list: string, source: ValueSource): string[] {
  const parts: string[] = [];
  let part = '';
  let isInBrackets = false;
  for (const character of list) {
    if (character === ',' && !isInBrackets) {
      parts.push(part);
      part = '';
      continue;
    }
    if (character === '[' || character === ']') {
      if ((character === '[') === isInBrackets) throw malformed(list, source);
      isInBrackets = !isInBrackets;
    }
    part += character;
  }
  parts.push(part);
  if (isInBrackets || parts.includes('')) throw malformed(list, source);
  return parts;
}

/** Expands the first brackets of a part, and then those in what follows: a host can have several. */
function expandPart(part: string, source: ValueSource): string[] {
  const match = RANGES.exec(part);
  if (match === null) return [part];
  const before = part.slice(0, match.index);
  const numbers = expandRanges(match[1] ?? '', part, source);
  const after = expandPart(part.slice(match.index + match[0].length), source);
  assertCount(numbers.length * after.length, source);
  return numbers.flatMap((number) => after.map((rest) => before + number + rest));
}

function expandRanges(ranges: string, part: string, source: ValueSource): string[] {
  const numbers: string[] = [];
  for (const range of ranges.split(',')) {
    const match = RANGE.exec(range);
    if (match === null) throw malformed(part, source);
    const [, first = '', last = first] = match;
    const count = Number(last) - Number(first) + 1;
    if (count < 1) throw malformed(part, source);
    assertCount(numbers.length + count, source);
    for (let index = 0; index < count; index++) numbers.push(String(Number(first) + index).padStart(first.length, '0'));
  }
  return numbers;
}

function assertCount(count: number, source: ValueSource): void {
  if (count > MAX_TASKS) throw clusterError(source, `has more than ${MAX_TASKS} entries, which are the most`);
}

function malformed(text: string, source: ValueSource) {
  return clusterError(source, `must be a list of hosts, such as n[1-3,7]; it has ${shortJson(text)}`);
}
