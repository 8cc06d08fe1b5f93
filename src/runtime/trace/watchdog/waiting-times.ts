/**
 * Reads from the marks of a step's functions who waits in a collective, and adds up for how long. Pure.
 * A board holds two numbers for each collective of one replica: whether the replica came to it, and whether it went on.
 */
import type { StuckWait, WatchedStep } from './watched-step.js';

/** Numbers on a board for each collective. */
export const MARKS = 2;

/** What a look at a step's boards shows. */
export interface Look {
  /** A collective in which a replica has waited for too long. */
  readonly stuck: StuckWait | undefined;
  /** Nobody waits, and these have not come through all of their collectives: for how long, in milliseconds. */
  readonly computing: { readonly replicas: readonly number[]; readonly milliseconds: number } | undefined;
}

interface Waiting {
  readonly replica: number;
  readonly collective: number;
}

/** The waits of one step, from look to look. */
export class WaitingTimes {
  readonly #step: Pick<WatchedStep, 'collectives'>;
  #waited = new Map<string, number>();
  #computed: number | undefined;

  constructor(step: Pick<WatchedStep, 'collectives'>) {
    this.#step = step;
  }

  /**
   * Looks again.
   * @param boards - Of each replica; what is not 0 is a mark.
   * @param since - Milliseconds since the last look.
   */
  look(boards: readonly Int32Array[], since: number, timeoutMs: number): Look {
    const { collectives } = this.#step;
    const has = (replica: number, collective: number, mark: number): boolean =>
      (boards[replica]?.[collective * MARKS + mark] ?? 0) !== 0;
    const arrived = (replica: number, collective: number): boolean => has(replica, collective, 0);
    const waiting = collectives.flatMap(({ participants }, collective) =>
      participants
        .filter((replica) => arrived(replica, collective) && !has(replica, collective, 1))
        .map((replica): Waiting => ({ replica, collective })),
    );
    // A wait counts from the first look that shows it.
    const waited = new Map(
      waiting.map(({ replica, collective }) => {
        const key = `${String(replica)} ${String(collective)}`;
        const before = this.#waited.get(key);
        return [key, before === undefined ? 0 : before + since] as const;
      }),
    );
    this.#waited = waited;
    const late = waiting.filter(
      ({ replica, collective }) => (waited.get(`${String(replica)} ${String(collective)}`) as number) >= timeoutMs,
    );
    const replicas = boards.flatMap((_, replica) =>
      collectives.some(({ participants }, collective) => participants.includes(replica) && !has(replica, collective, 1))
        ? [replica]
        : [],
    );
    const isComputing = waiting.length === 0 && replicas.length > 0;
    this.#computed = !isComputing ? undefined : this.#computed === undefined ? 0 : this.#computed + since;
    const collective = chosen(late, waiting, collectives);
    return {
      stuck:
        collective === undefined
          ? undefined
          : { collective, arrived: boards.flatMap((_, replica) => (arrived(replica, collective) ? [replica] : [])) },
      computing: this.#computed === undefined ? undefined : { replicas, milliseconds: this.#computed },
    };
  }
}

/** Of the collectives that took too long, one that waits for a replica which waits nowhere itself: where values go from hand to hand, others wait, too. */
function chosen(
  late: readonly Waiting[],
  waiting: readonly Waiting[],
  collectives: WatchedStep['collectives'],
): number | undefined {
  const waits = new Set(waiting.map(({ replica }) => replica));
  const cause = late.find(({ collective }) =>
    collectives[collective]?.participants.some((replica) => !waits.has(replica)),
  );
  return (cause ?? late[0])?.collective;
}
