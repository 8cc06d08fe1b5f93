/** What a part of `mirrorscope doctor` has to say. Types only; add a part to `sections.ts`. */

/** How a line is to be taken. */
export type LineState = 'ok' | 'missing' | 'problem' | 'note';

/** One thing that was looked for. */
export interface DoctorLine {
  readonly label: string;
  readonly state: LineState;
  /** What was found, or why not, and what to do then. */
  readonly text: string;
}

/** One heading with its lines. */
export interface DoctorSection {
  readonly title: string;
  readonly lines: readonly DoctorLine[];
}

/** Looks at one part of the machine; loads what it needs when called. */
export type SectionProvider = (directory: string, environment: NodeJS.ProcessEnv) => Promise<DoctorSection>;
