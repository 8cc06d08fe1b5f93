/**
 * `npm run bench -- NAME [options]`: runs bench/NAME/NAME.js in this process. Each benchmark measures one claim, runs
 * all sides in turns and prints ratios.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = new URL('./', import.meta.url);

/**
 * Locates the script of a benchmark.
 * @param {string} name - Name of the benchmark.
 * @returns {URL} Where its script is, if there is such a benchmark.
 */
const script = (name) => new URL(`${name}/${name}.js`, here);
const names = readdirSync(fileURLToPath(here)).filter((name) => existsSync(script(name)));

const [name, ...rest] = process.argv.slice(2);
if (name !== undefined && names.includes(name)) {
  process.argv.splice(1, process.argv.length - 1, fileURLToPath(script(name)), ...rest);
  await import(script(name).href);
} else {
  console.error(`Usage: npm run bench -- NAME\nBenchmarks: ${names.join(', ')}`);
  process.exitCode = 2;
}
