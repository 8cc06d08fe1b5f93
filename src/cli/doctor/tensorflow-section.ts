/**
 * The section of `mirrorscope doctor` on TensorFlow: where mirrorscope looked for it, its version and its devices.
 * Loads the library.
 */
import type { DoctorLine, DoctorSection } from './section.js';

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
    state: outcome === 'found' ? 'ok' : 'note',
    text: outcome === 'not set' ? 'not set' : `${place}: ${detail}`,
  }));
  const lines: DoctorLine[] = available
    ? [
        { label: 'version', state: 'ok', text: `${version ?? ''} (${files.at(-1) ?? ''})` },
        { label: 'devices', state: 'ok', text: devices.join(', ') },
      ]
    : [{ label: 'library', state: files.length > 0 ? 'problem' : 'note', text: problem ?? 'not found' }];
  return {
    title: 'TensorFlow',
    lines: [...attempted, ...lines, ...advice.map((text): DoctorLine => ({ label: 'advice', state: 'note', text }))],
  };
}
