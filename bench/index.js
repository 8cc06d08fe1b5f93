/**
 * `npm run bench -- <name> [options]`: runs bench/<name>/<name>.js in this process. Each measures one claim, all sides
 * interleaved in one run, and prints ratios.
 */
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = new URL('./', import.meta.url);
const script = (name) => new URL(`${name}/${name}.js`, here);
const names = readdirSync(fileURLToPath(here)).filter((name) => existsSync(script(name)));

const [name, ...rest] = process.argv.slice(2);
if (name !== undefined && names.includes(name)) {
  process.argv.splice(1, process.argv.length - 1, fileURLToPath(script(name)), ...rest);
  await import(script(name).href);
} else {
  console.error(`Usage: npm run bench -- <name>\nThere are: ${names.join(', ')}`);
  process.exitCode = 2;
}
