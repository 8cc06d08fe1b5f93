/** Reads from the boards of a step which replicas wait in a collective, and adds up for how long. Pure. */
import type { StuckWait, WatchedStep } from './watched-step.js';

import { markRow, ProgressMark } from './board-layout.js';

/** Replicas that compute while no replica waits, and for how long. */
export interface ComputingReplicas {
  readonly replicas: readonly number[];
  readonly milliseconds: number;
}

/** A collective in which a replica waits, and for how long. */
export interface LongestWait {
  readonly collective: number;
  readonly milliseconds: number;
}

/** The state of a step, by one look at its boards. */
export interface Look {
  /** The wait that has lasted longest; undefined when no replica waits. */
  readonly longest: LongestWait | undefined;
  /** A collective in which a replica has waited too long. */
  readonly stuck: StuckWait | undefined;
  /** Set when no replica waits and some have collectives left. */
  readonly computing: ComputingReplicas | undefined;
}

interface Waiting {
  readonly replica: number;
  readonly collective: number;
}

const waitKey = ({ replica, collective }: Waiting): string => `${String(replica)} ${String(collective)}`;

/** The waits of one step, from look to look. */
export class WaitingTimes {
  readonly #collectives: WatchedStep['collectives'];
  #waitedMs = new Map<string, number>();
  #computedMs: number | undefined;

  /** @param step - The step to follow. */
  constructor(step: Pick<WatchedStep, 'collectives'>) {
    this.#collectives = step.collectives;
  }

  /**
   * Looks again.
   *
   * @param boards - The board of each replica. Everything but 0 is a mark.
   * @param elapsedMs - Milliseconds since the last look.
   * @param timeoutMs - How long a replica may wait.
   * @returns What the boards show.
   */
  look(boards: readonly Int32Array[], elapsedMs: number, timeoutMs: number): Look {
    const collectives = this.#collectives;
    const has = (replica: number, collective: number, mark: ProgressMark): boolean =>
      (boards[replica]?.[markRow(collective, mark)] ?? 0) !== 0;
    const arrived = (replica: number, collective: number): boolean => has(replica, collective, ProgressMark.Arrived);
    const ended = (replica: number, collective: number): boolean => has(replica, collective, ProgressMark.Ended);
    const waiting = collectives.flatMap(({ participants }, collective) =>
      participants
        .filter((replica) => arrived(replica, collective) && !ended(replica, collective))
        .map((replica): Waiting => ({ replica, collective })),
    );
    const unfinished = boards.flatMap((_, replica) =>
      collectives.some(({ participants }, index) => participants.includes(replica) && !ended(replica, index))
        ? [replica]
        : [],
    );
    this.#addWaits(waiting, elapsedMs);
    this.#addComputing(waiting.length === 0 && unfinished.length > 0, elapsedMs);
    const late = waiting.filter((each) => (this.#waitedMs.get(waitKey(each)) ?? 0) >= timeoutMs);
    const collective = chooseStuck(late, waiting, collectives);
    return {
      longest: this.#longest(waiting),
      stuck:
        collective === undefined
          ? undefined
          : { collective, arrived: boards.flatMap((_, replica) => (arrived(replica, collective) ? [replica] : [])) },
      computing: this.#computedMs === undefined ? undefined : { replicas: unfinished, milliseconds: this.#computedMs },
    };
  }

  #longest(waiting: readonly Waiting[]): LongestWait | undefined {
    return waiting
      .map((each): LongestWait => ({
        collective: each.collective,
        milliseconds: this.#waitedMs.get(waitKey(each)) ?? 0,
      }))
      .reduce<LongestWait | undefined>(
        (longest, each) => (longest === undefined || each.milliseconds > longest.milliseconds ? each : longest),
        undefined,
      );
  }

  /** A wait counts from the first look that shows it. */
  #addWaits(waiting: readonly Waiting[], elapsedMs: number): void {
    this.#waitedMs = new Map(
      waiting.map((each) => {
        const before = this.#waitedMs.get(waitKey(each));
        return [waitKey(each), before === undefined ? 0 : before + elapsedMs] as const;
      }),
    );
  }

  #addComputing(isComputing: boolean, elapsedMs: number): void {
    if (!isComputing) this.#computedMs = undefined;
    else this.#computedMs = this.#computedMs === undefined ? 0 : this.#computedMs + elapsedMs;
  }
}

/**
 * Chooses among the collectives that took too long the one that waits for a replica which waits nowhere itself: that
 * replica is the cause. Where values travel from replica to replica, the other collectives only wait for this one. The
 * wait for the cause may have begun last, so while a wait has time left, nothing is chosen that may follow from it.
 */
function chooseStuck(
  late: readonly Waiting[],
  waiting: readonly Waiting[],
  collectives: WatchedStep['collectives'],
): number | undefined {
  const waitingReplicas = new Set(waiting.map(({ replica }) => replica));
  const cause = late.find(({ collective }) =>
    collectives[collective]?.participants.some((replica) => !waitingReplicas.has(replica)),
  );
  const [first] = late.length === waiting.length ? late : [];
  return (cause ?? first)?.collective;
}
