/**
 * Matches globs in time proportional to the length of the glob times that of the path. A backtracking regular
 * expression would need exponential time for some globs, and both may come from a repository that nobody trusts. Pure.
 *
 * Instead of trying one way after the other, all ways are followed at once: the automaton is in a set of states, and
 * each character of the path leads to the next set.
 */
import type { CodePointRange, GlobPart } from './glob-part.js';

/** A state of the automaton. */
interface State {
  /** Which characters lead on from here; `undefined` in states that read nothing. */
  readonly reads: ((character: number) => boolean) | undefined;
  /** Where they lead. In a state that reads nothing, where the automaton is at the same time. */
  next: State[];
  /** The step in which this state was last entered, so that it is entered once a step. */
  step: number;
}

const SLASH = 0x2f;

/**
 * Makes a matcher for a whole path.
 *
 * @param parts - The glob.
 * @param ignoreCase - Whether upper and lower case are the same.
 * @returns Whether a path with forward slashes matches.
 */
export function automatonFor(parts: readonly GlobPart[], ignoreCase: boolean): (path: string) => boolean {
  const end = silent([]);
  const start = compile(parts, end, ignoreCase);
  let step = 0;
  return (path) => {
    let states: State[] = [];
    step++;
    enter(start, states, step);
    for (let at = 0; at < path.length && states.length > 0;) {
      const character = path.codePointAt(at) ?? 0;
      at += character > 0xffff ? 2 : 1;
      const following: State[] = [];
      step++;
      for (const { reads, next } of states) {
        if (reads?.(character) === true) for (const state of next) enter(state, following, step);
      }
      states = following;
    }
    return end.step === step && states.includes(end);
  };
}

/** Adds a state, and all states that can be reached from it without a character. */
function enter(state: State, states: State[], step: number): void {
  const waiting = [state];
  for (let current = waiting.pop(); current !== undefined; current = waiting.pop()) {
    if (current.step === step) continue;
    current.step = step;
    states.push(current);
    if (current.reads === undefined) waiting.push(...current.next);
  }
}

function silent(next: State[]): State {
  return { reads: undefined, next, step: 0 };
}

function reading(reads: (character: number) => boolean, next: State[]): State {
  return { reads, next, step: 0 };
}

/** Builds the states for some parts, from the last to the first. Returns the first state. */
function compile(parts: readonly GlobPart[], end: State, ignoreCase: boolean): State {
  return parts.reduceRight((following, part) => compilePart(part, following, ignoreCase), end);
}

function compilePart(part: GlobPart, end: State, ignoreCase: boolean): State {
  switch (part.kind) {
    case 'text':
      return Array.from(part.text).reduceRight((following, character) => {
        const value = character.codePointAt(0) ?? 0;
        return reading(inRanges([[value, value]], ignoreCase), [following]);
      }, end);
    case 'one': {
      const matches = inRanges(part.ranges, ignoreCase);
      return reading((character) => character !== SLASH && matches(character) !== part.isNegated, [end]);
    }
    case 'star':
      return loop((character) => character !== SLASH, [end]);
    case 'everything':
      return loop(() => true, [end]);
    case 'folders': {
      const slash = reading((character) => character === SLASH, [end]);
      return silent([end, loop(() => true, [slash])]);
    }
    case 'choice':
      return silent(part.globs.map((glob) => compile(glob, end, ignoreCase)));
  }
}

/** Reads any number of characters before it goes on. */
function loop(reads: (character: number) => boolean, next: readonly State[]): State {
  const first = silent([...next]);
  first.next.push(reading(reads, [first]));
  return first;
}

function inRanges(ranges: readonly CodePointRange[], ignoreCase: boolean): (character: number) => boolean {
  const isInRanges = (character: number): boolean => ranges.some(([from, to]) => character >= from && character <= to);
  if (!ignoreCase) return isInRanges;
  return (character) => isInRanges(character) || otherCases(character).some(isInRanges);
}

function otherCases(character: number): number[] {
  const text = String.fromCodePoint(character);
  return [text.toLowerCase(), text.toUpperCase()].map((other) => other.codePointAt(0) ?? character);
}
