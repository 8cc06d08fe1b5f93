/**
 * Converts a profile to a trace that chrome://tracing and https://ui.perfetto.dev open. Pure.
 * Source: "Trace Event Format" (complete events, metadata events).
 */
import type { Profiled, ProfiledStep } from './profiler.js';

/** One event. Times in microseconds. */
export interface TraceEvent {
  /** What happened, or the name of a row. */
  readonly name: string;
  /** `X`: a span of time. `M`: the name of a row. */
  readonly ph: 'X' | 'M';
  /** The group of rows: JavaScript, or one device. */
  readonly pid: number;
  /** The row. */
  readonly tid: number;
  /** `compute`, `collective`, `input wait` or `js`. */
  readonly cat?: string;
  /** When it began, in microseconds. */
  readonly ts?: number;
  /** How long it took, in microseconds. */
  readonly dur?: number;
  /** Further values, such as the name of a row. */
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A whole trace, to be written as JSON. */
export interface ChromeTrace {
  /** The unit in which viewers show times. */
  readonly displayTimeUnit: 'ms';
  /** All events, in no order. */
  readonly traceEvents: readonly TraceEvent[];
}

interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const JS_PROCESS = 0;
const ROWS = { compute: 1, 'input wait': 2, collective: 3 } as const;

/** Puts overlapping spans on different rows, with as few rows as possible. */
function packRows(spans: readonly Span[]): Span[][] {
  const rows: Span[][] = [];
  for (const span of spans.toSorted((one, other) => one.start - other.start)) {
    const free = rows.find((row) => (row.at(-1)?.end ?? -Infinity) <= span.start);
    if (free === undefined) rows.push([span]);
    else free.push(span);
  }
  return rows;
}

function collectivesOf({ collectives, times }: ProfiledStep): Span[] {
  return collectives.map((name, index) => ({
    name,
    start: times[1 + 2 * index] ?? NaN,
    end: times[2 + 2 * index] ?? NaN,
  }));
}

/** The times between two steps in which a device had nothing to run. */
function inputWaits(runs: readonly Span[]): Span[] {
  return runs.slice(1).flatMap((run, index) => {
    const end = runs[index]?.end ?? Infinity;
    return run.start > end ? [{ name: 'input wait', start: end, end: run.start }] : [];
  });
}

/**
 * Lays out a profile: three or more rows for each device, and one for JavaScript.
 *
 * @param profiled - The profile.
 * @returns The trace.
 */
export function chromeTrace(profiled: Profiled): ChromeTrace {
  const { start, spans, steps } = profiled;
  const events: TraceEvent[] = [];
  const nameRow = (kind: 'process_name' | 'thread_name', pid: number, tid: number, name: string): void => {
    events.push({ name: kind, ph: 'M', pid, tid, args: { name } });
  };
  const add = (cat: string, pid: number, tid: number, allSpans: readonly Span[]): void => {
    for (const each of allSpans) {
      events.push({
        name: each.name,
        ph: 'X',
        cat,
        pid,
        tid,
        ts: each.start - start,
        dur: Math.max(0, each.end - each.start),
      });
    }
  };

  nameRow('process_name', JS_PROCESS, 1, 'JavaScript');
  nameRow('thread_name', JS_PROCESS, 1, 'JavaScript');
  add('js', JS_PROCESS, 1, spans);

  const devices = [...new Set(steps.map(({ device }) => device))].sort();
  devices.forEach((device, index) => {
    const pid = index + 1;
    const own = steps.filter((step) => step.device === device);
    const runs = own
      .map(({ name, times }): Span => ({ name, start: times[0] ?? NaN, end: times.at(-1) ?? NaN }))
      .sort((one, other) => one.start - other.start);
    nameRow('process_name', pid, ROWS.compute, device);
    nameRow('thread_name', pid, ROWS.compute, 'compute');
    add('compute', pid, ROWS.compute, runs);
    nameRow('thread_name', pid, ROWS['input wait'], 'input wait');
    add('input wait', pid, ROWS['input wait'], inputWaits(runs));
    packRows(own.flatMap(collectivesOf)).forEach((row, index) => {
      nameRow('thread_name', pid, ROWS.collective + index, index === 0 ? 'collective' : `collective ${index + 1}`);
      add('collective', pid, ROWS.collective + index, row);
    });
  });
  return { displayTimeUnit: 'ms', traceEvents: events };
}
