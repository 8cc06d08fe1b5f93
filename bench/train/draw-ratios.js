// Draws the benchmark's ratios as an SVG bar chart. Pure: rows in, text out.

const BAR = 14;
const GAP = 10;
const LEFT = 150;
const WIDTH = 720;
const PAIRS = [
  { label: 'one device', color: '#3b6ea5', over: 'Keras', under: 'mirrorscope, 1 device' },
  { label: 'two replicas', color: '#d9822b', over: 'Keras, MirroredStrategy on 2', under: 'mirrorscope, 2 replicas' },
];

/** How many times faster than Keras each model trains, on one device and on two replicas. */
export function drawRatios(rows) {
  const ratios = rows.map(({ model, batch, medians }) => ({
    name: `${model}, batch ${batch}`,
    values: PAIRS.map(({ over, under }) => medians[over] / medians[under]),
  }));
  const largest = Math.max(2, ...ratios.flatMap(({ values }) => values));
  const scale = (WIDTH - LEFT - 60) / largest;
  const height = 50 + ratios.length * (PAIRS.length * BAR + GAP);
  const bars = ratios.map(({ name, values }, row) => {
    const top = 40 + row * (PAIRS.length * BAR + GAP);
    const parts = values.map(
      (value, index) =>
        `<rect x="${LEFT}" y="${top + index * BAR}" width="${(value * scale).toFixed(1)}" height="${BAR - 2}" fill="${PAIRS[index].color}"/>` +
        `<text x="${(LEFT + value * scale + 4).toFixed(1)}" y="${top + index * BAR + 10}">${value.toFixed(2)}x</text>`,
    );
    return `<text x="${LEFT - 6}" y="${top + BAR + 3}" text-anchor="end">${name}</text>${parts.join('')}`;
  });
  const legend = PAIRS.map(
    ({ label, color }, index) =>
      `<rect x="${LEFT + index * 130}" y="12" width="12" height="12" fill="${color}"/><text x="${LEFT + 18 + index * 130}" y="22">${label}</text>`,
  );
  const one = LEFT + scale;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11">`,
    '<title>Time of a training step in Python Keras divided by the time in mirrorscope, same TensorFlow library</title>',
    `<rect width="${WIDTH}" height="${height}" fill="white"/>`,
    ...legend,
    `<line x1="${one.toFixed(1)}" y1="34" x2="${one.toFixed(1)}" y2="${height - 8}" stroke="#999" stroke-dasharray="3 3"/>`,
    ...bars,
    '</svg>',
    '',
  ].join('\n');
}
