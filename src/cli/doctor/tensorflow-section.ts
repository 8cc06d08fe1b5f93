/**
 * The section of `mirrorscope doctor` on TensorFlow: where mirrorscope looked for it, its version and its devices.
 * Loads the library.
 */
import type { LocateAttempt } from '../../runtime/tensorflow/locate.js';
import type { DoctorLine, DoctorSection, LineState } from './section.js';

/**
 * Looks for TensorFlow and loads it.
 *
 * @returns The section.
 */
export async function tensorFlowSection(): Promise<DoctorSection> {
  const { describeTensorFlow } = await import('../../runtime/tensorflow/describe.js');
  const { attempts, available, version, devices, files, problem, advice } = describeTensorFlow();
  const attempted: DoctorLine[] = attempts.map(({ source, place, outcome, detail }) => ({
    label: source,
    state: stateOf(source, outcome),
    text: outcome === 'not set' ? 'not set' : `${place}: ${detail}`,
  }));
  const file = files.at(-1) ?? '';
  const lines: DoctorLine[] = available
    ? [
        { label: 'version', state: 'ok', text: version === undefined ? file : `${version} (${file})` },
        { label: 'devices', state: 'ok', text: devices.join(', ') },
      ]
    : [{ label: 'library', state: files.length > 0 ? 'problem' : 'note', text: problem ?? 'not found' }];
  return {
    title: 'TensorFlow',
    lines: [
      ...attempted,
      ...lines,
      ...advice.map((text): DoctorLine => ({ label: 'advice', state: 'note', text: withoutDoctor(text) })),
    ],
  };
}

/** A place that the user has named must have a library. The other places are only tried. */
function stateOf(source: string, outcome: LocateAttempt['outcome']): LineState {
  if (outcome === 'found') return 'ok';
  return source === 'MIRRORSCOPE_LIBTENSORFLOW' && outcome !== 'not set' ? 'problem' : 'note';
}

/** Hints of errors end by sending the user to this command. */
function withoutDoctor(hint: string): string {
  return hint.replace(/[ ;]`mirrorscope doctor` lists [^.]*\./, '');
}
