/** Draws the ratios of the training benchmark as a bar chart in SVG. Pure. */
import { ratioOf } from './training-row.js';

/** @import { TrainingRow } from './training-row.js' */

const BAR = 14;
const GAP = 10;
const LEFT = 150;
const WIDTH = 720;
const LEGEND_STEP = 130;
const PAIRS = [
  { label: 'one device', color: '#3b6ea5', over: 'Keras', under: 'mirrorscope, 1 device' },
  { label: 'two replicas', color: '#d9822b', over: 'Keras, MirroredStrategy on 2', under: 'mirrorscope, 2 replicas' },
];

/**
 * Draws how many times faster than Keras each model trains, on one device and on two replicas.
 * @param {readonly TrainingRow[]} rows - What was measured.
 * @returns {string} An SVG document.
 */
export function drawRatios(rows) {
  const groups = rows.map((row) => ({
    name: `${row.model}, batch ${row.batch}`,
    bars: PAIRS.map(({ color, over, under }) => ({ color, value: ratioOf(row, over, under) })),
  }));
  const largest = Math.max(2, ...groups.flatMap(({ bars }) => bars.map(({ value }) => value)));
  const scale = (WIDTH - LEFT - 60) / largest;
  const height = 50 + groups.length * (PAIRS.length * BAR + GAP);
  const charts = groups.map(({ name, bars }, row) => {
    const top = 40 + row * (PAIRS.length * BAR + GAP);
    const parts = bars.map(({ color, value }, index) => {
      const [y, width] = [top + index * BAR, value * scale];
      return (
        `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 2}" fill="${color}"/>` +
        `<text x="${(LEFT + width + 4).toFixed(1)}" y="${y + 10}">${value.toFixed(2)}x</text>`
      );
    });
    return `<text x="${LEFT - 6}" y="${top + BAR + 3}" text-anchor="end">${name}</text>${parts.join('')}`;
  });
  const legend = PAIRS.map(({ label, color }, index) => {
    const x = LEFT + index * LEGEND_STEP;
    return `<rect x="${x}" y="12" width="12" height="12" fill="${color}"/><text x="${x + 18}" y="22">${label}</text>`;
  });
  const one = (LEFT + scale).toFixed(1);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11">`,
    '<title>Time of a training step in Python Keras divided by the time in mirrorscope, same TensorFlow library</title>',
    `<rect width="${WIDTH}" height="${height}" fill="white"/>`,
    ...legend,
    `<line x1="${one}" y1="34" x2="${one}" y2="${height - 8}" stroke="#999" stroke-dasharray="3 3"/>`,
    ...charts,
    '</svg>',
    '',
  ].join('\n');
}
