/** The sections of `mirrorscope doctor`. Types only; `sections.ts` lists them. */

/** How good the result is. */
export type LineState = 'ok' | 'missing' | 'problem' | 'note';

/** One result of doctor. */
export interface DoctorLine {
  readonly label: string;
  readonly state: LineState;
  /** What was found, or why nothing was found and what to do. */
  readonly text: string;
}

/** One heading with its lines. */
export interface DoctorSection {
  readonly title: string;
  readonly lines: readonly DoctorLine[];
}

/** Inspects one part of the machine. Loads what it needs when called. */
export type SectionProvider = (
  directory: string,
  environment: NodeJS.ProcessEnv,
) => DoctorSection | Promise<DoctorSection>;
