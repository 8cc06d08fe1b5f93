import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { optionsOf } from '../../src/cli/arguments/option-table.js';
import { COMMANDS } from '../../src/cli/command-table.js';
import { temporaryTree } from '../scan/temporary-tree.js';
import { textContaining } from '../support/matchers.js';

import { BIN, mirrorscope, plainEnvironment } from './command.js';

const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

describe('help and version', () => {
  it('prints the version', () => {
    expect(mirrorscope('.', ['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('prints help with commands, examples and exit codes', () => {
    const { code, stdout } = mirrorscope('.', ['--help']);
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(stdout).toContain(`\n  ${name.padEnd(7)}  `);
    for (const words of ['Examples:', 'mirrorscope migrate --write src', 'Exit codes:', '  0  ', '  1  ', '  2  '])
      expect(stdout).toContain(words);
    expect(mirrorscope('.', ['help']).stdout).toBe(stdout);
  });

  it.each(COMMANDS.map(({ name }) => name))('prints the help of %s with all its flags', (name) => {
    const { code, stdout } = mirrorscope('.', [name, '--help']);
    expect(code).toBe(0);
    for (const option of optionsOf(name)) expect(stdout).toContain(`--${option.name}`);
    expect(stdout).toContain('Examples:');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect(mirrorscope('.', ['help', name]).stdout).toBe(stdout);
  });

  it('prints help on standard error when there is no command', () => {
    expect(mirrorscope('.', [])).toMatchObject({ code: 2, stdout: '', stderr: textContaining('Usage:') });
  });
});

describe('a reader that stops early', () => {
  it('is not an error', () => {
    const { stdout, stderr } = spawnSync(
      'sh',
      ['-c', `"${process.execPath}" "${BIN}" list --format json | head -n 1`],
      { encoding: 'utf8', env: plainEnvironment() },
    );
    expect({ stdout, stderr }).toEqual({ stdout: '{\n', stderr: '' });
  });
});

describe('mistakes', () => {
  const root = () => temporaryTree({ 'a.js': '' });

  it.each([
    [['migrat'], 'There is no command `migrat`. Did you mean `mirrorscope migrate`?'],
    [['migrate', '--wirte'], '`mirrorscope migrate` has no option --wirte. Did you mean --write?'],
    [['check', '--write'], '`mirrorscope check` has no option --write'],
    [['migrate', '--write=yes'], "Option '-w, --write' does not take an argument"],
    [['migrate', '--format'], "Option '--format <value>' argument missing"],
    [['migrate', '--format', 'xml'], 'Unknown format xml. The formats are: text, json, sarif, github'],
    [['migrate', '--only', 'multi-gpu'], 'There is no migration multi-gpu'],
    [['migrate', '--threads', '0'], '--threads takes a number from 1 to 1024, not 0'],
    [['migrate', '--check', '--write'], '--check and --write cannot be combined'],
    [['migrate', '--diff', '--format', 'sarif'], '--diff cannot be combined with --format sarif'],
    [['migrate', 'none.js'], 'There is no file or folder none.js'],
    [['migrate', '--stdin'], '--stdin needs --stdin-filename'],
    [['migrate', '--stdin', '--stdin-filename', 'x.css'], 'x.css is not a type of file that mirrorscope migrates'],
    [['migrate', '--stdin', '--stdin-filename', 'x.js', 'a.js'], '--stdin takes no paths'],
    [['migrate', '--stdin', '--stdin-filename', 'x.js', '--write'], '--write and --stdin cannot be combined'],
    [['migrate', '--stdin-filename', 'x.js'], '--stdin-filename needs --stdin'],
    [['migrate', '--config', 'none.json'], 'none.json cannot be read'],
    [['list', 'src'], '`mirrorscope list` takes no paths'],
    [['doctor', '--format', 'sarif'], 'Unknown format sarif. `mirrorscope doctor` has these formats: text, json.'],
  ])('%j', (words, message) => {
    const { code, stdout, stderr } = mirrorscope(root(), words);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`mirrorscope: ${message.startsWith('none.json') ? 'The configuration' : message}`);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
    expect(stderr).toMatch(/See docs\/errors\.md#/);
  });

  it('explains what is wrong with a configuration', () => {
    const directory = temporaryTree({ 'mirrorscope.config.json': '{"exclud": ["x"]}' });
    const { code, stderr } = mirrorscope(directory, ['check']);
    expect(code).toBe(2);
    expect(stderr).toContain('mirrorscope.config.json: `exclud` is not a setting. Did you mean `exclude`?');
  });
});
