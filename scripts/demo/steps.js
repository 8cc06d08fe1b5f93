// Runs the commands of the demo as a user would type them, and shows each before its output.
import { spawn } from 'node:child_process';
import { styleText } from 'node:util';

/** Prints a numbered heading. */
export function heading(number, text) {
  console.log(`\n${styleText('bold', `${number}. ${text}`)}\n`);
}

/**
 * Runs a command with its output shown as it comes, and returns that output.
 * @param {string} shown the command as a user would type it
 * @param {readonly string[]} command program and arguments
 * @param {{cwd: string, exitCodes?: readonly number[], environment?: Record<string, string>}} options exit codes that are expected; others throw
 * @returns {Promise<string>} what it printed on standard output
 */
export async function run(shown, [program, ...parameters], { cwd, exitCodes = [0], environment = {} }) {
  console.log(styleText('dim', `$ ${shown}`));
  const child = spawn(program, parameters, {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...environment },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
    process.stdout.write(text);
  });
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (!exitCodes.includes(code)) throw new Error(`${shown} ended with exit code ${code}`);
  return output;
}
