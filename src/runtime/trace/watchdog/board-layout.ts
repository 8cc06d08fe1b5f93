/** The layout of a step's marks on a progress board. Data only. */

/** The events that a replica's function reports for each collective. */
export enum ProgressMark {
  Arrived = 0,
  Ended = 1,
}

/** Rows of a board for each collective. */
export const MARKS_PER_COLLECTIVE = 2;

/**
 * Finds the row of a mark.
 *
 * @param collective - The number of the collective within the step.
 * @param mark - What the row reports.
 * @returns The row of the board.
 */
export function markRow(collective: number, mark: ProgressMark): number {
  return collective * MARKS_PER_COLLECTIVE + mark;
}

/**
 * Sizes a board: `InplaceUpdate` writes rows.
 *
 * @param collectives - How many the step has.
 * @returns The shape of the board.
 */
export function boardShape(collectives: number): readonly [number, number] {
  return [collectives * MARKS_PER_COLLECTIVE, 1];
}
