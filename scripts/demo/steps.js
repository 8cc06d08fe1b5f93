/** Runs the commands of the demo, and prints each as a user would type it. Starts processes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { styleText } from 'node:util';

/**
 * Prints a numbered heading.
 * @param {number} number - Number of the step.
 * @param {string} text - What the step shows.
 */
export function heading(number, text) {
  console.log(`\n${styleText('bold', `${number}. ${text}`)}\n`);
}

/**
 * Runs a command, and prints its output as it arrives.
 * @param {string} shown - The command as a user would type it.
 * @param {readonly string[]} command - Program and arguments.
 * @param {{ cwd: string, exitCodes?: readonly number[] }} options - Folder to run it in, and the exit codes that it may
 *   end with.
 * @returns {Promise<string>} What it printed on standard output.
 * @throws {Error} When it ends with another exit code.
 */
export async function run(shown, [program = '', ...parameters], { cwd, exitCodes = [0] }) {
  console.log(styleText('dim', `$ ${shown}`));
  const child = spawn(program, parameters, {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    output += text;
    process.stdout.write(text);
  });
  await once(child, 'close');
  const { exitCode } = child;
  if (exitCode === null || !exitCodes.includes(exitCode)) throw new Error(`${shown} ended with exit code ${exitCode}`);
  return output;
}
