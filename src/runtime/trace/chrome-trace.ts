/**
 * What was noted of steps, as a trace that chrome://tracing and https://ui.perfetto.dev open. Pure.
 * Source: "Trace Event Format" (complete events, metadata events).
 */
import type { Profiled, ProfiledStep } from './profiler.js';

/** One event; times in microseconds. */
export interface TraceEvent {
  readonly name: string;
  /** `X`: a stretch of time; `M`: the name of a row. */
  readonly ph: 'X' | 'M';
  readonly pid: number;
  readonly tid: number;
  /** `compute`, `collective`, `input wait` or `js`. */
  readonly cat?: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** A whole trace: write it as JSON. */
export interface ChromeTrace {
  readonly displayTimeUnit: 'ms';
  readonly traceEvents: readonly TraceEvent[];
}

interface Stretch {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const JS_PROCESS = 0;
const ROWS = { compute: 1, 'input wait': 2, collective: 3 } as const;

/** Puts stretches that overlap on different rows, as few as will do. */
function lanes(stretches: readonly Stretch[]): Stretch[][] {
  const made: Stretch[][] = [];
  for (const stretch of [...stretches].sort((one, other) => one.start - other.start)) {
    const free = made.find((lane) => (lane.at(-1) as Stretch).end <= stretch.start);
    if (free === undefined) made.push([stretch]);
    else free.push(stretch);
  }
  return made;
}

function collectivesOf({ collectives, times }: ProfiledStep): Stretch[] {
  return collectives.map((name, index) => ({
    name,
    start: times[1 + 2 * index] as number,
    end: times[2 + 2 * index] as number,
  }));
}

/** The times in which a device had nothing to run, between two steps. */
function inputWaits(runs: readonly Stretch[]): Stretch[] {
  return runs.slice(1).flatMap((run, index) => {
    const { end } = runs[index] as Stretch;
    return run.start > end ? [{ name: 'input wait', start: end, end: run.start }] : [];
  });
}

/** The rows of each device, and that of JavaScript. */
export function chromeTrace({ start, spans, steps }: Profiled): ChromeTrace {
  const events: TraceEvent[] = [];
  const nameRow = (kind: 'process_name' | 'thread_name', pid: number, tid: number, name: string): void => {
    events.push({ name: kind, ph: 'M', pid, tid, args: { name } });
  };
  const add = (cat: string, pid: number, tid: number, stretches: readonly Stretch[]): void => {
    for (const each of stretches) {
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
      .map(({ name, times }): Stretch => ({ name, start: times[0] as number, end: times.at(-1) as number }))
      .sort((one, other) => one.start - other.start);
    nameRow('process_name', pid, ROWS.compute, device);
    nameRow('thread_name', pid, ROWS.compute, 'compute');
    add('compute', pid, ROWS.compute, runs);
    nameRow('thread_name', pid, ROWS['input wait'], 'input wait');
    add('input wait', pid, ROWS['input wait'], inputWaits(runs));
    lanes(own.flatMap(collectivesOf)).forEach((lane, place) => {
      nameRow('thread_name', pid, ROWS.collective + place, place === 0 ? 'collective' : `collective ${place + 1}`);
      add('collective', pid, ROWS.collective + place, lane);
    });
  });
  return { displayTimeUnit: 'ms', traceEvents: events };
}
