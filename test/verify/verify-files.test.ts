/** How the command line rejects changes that do not verify. Only compiles, so any Python 3 is enough. */
import { describe, expect, it } from 'vitest';

import { parseArguments } from '../../src/cli/arguments/parse-arguments.js';
import { verifyFiles } from '../../src/cli/verify/verify-files.js';
import { verifySettings } from '../../src/cli/verify/verify-settings.js';
import { type ReportedFile } from '../../src/report/run-report.js';
import { textContaining } from '../support/matchers.js';

function changed(path: string, output: string, group?: string): ReportedFile {
  return {
    result: { path, status: 'changed', findings: [], output },
    original: 'x = 1\n',
    todoMarks: 2,
    ...(group !== undefined && { group }),
  };
}

async function verified(files: readonly ReportedFile[]) {
  const printed: string[] = [];
  const io = {
    environment: process.env,
    stderr: { isTTY: false, write: (text: string | Uint8Array) => void printed.push(String(text)) },
  };
  const settings = verifySettings(parseArguments('migrate', ['--verify']));
  if (settings === undefined) throw new Error('--verify asks for a verification.');
  return { ...(await verifyFiles(files, settings, import.meta.dirname, io)), printed: printed.join('') };
}

describe('verifyFiles', () => {
  it('rejects a file that does not compile', async () => {
    const { files, isProved, printed } = await verified([
      changed('a.py', 'x = 2\n'),
      changed('b.py', 'x = (\n'),
      changed('c.js', 'x = ('),
    ]);
    expect(files.map(({ result }) => result.status)).toEqual(['changed', 'failed', 'changed']);
    expect(files[1]).toMatchObject({
      todoMarks: 0,
      result: { error: { code: 'VERIFICATION_FAILED', message: textContaining('b.py') } },
    });
    expect(files[1]?.result.output).toBeUndefined();
    expect({ isProved, printed }).toEqual({ isProved: true, printed: 'mirrorscope: 1 changed Python file compiles\n' });
  });

  it('rejects the files of the same change together', async () => {
    const { files } = await verified([
      changed('a.py', 'x = 2\n', 'one'),
      changed('b.py', 'x = (\n', 'one'),
      changed('c.py', 'x = 3\n', 'two'),
    ]);
    expect(files.map(({ result }) => result.status)).toEqual(['failed', 'failed', 'changed']);
    expect(files[0]?.result.error?.message).toMatch(/^It changes together with b\.py/);
  });
});

describe('verifySettings', () => {
  const settings = (...words: string[]) => verifySettings(parseArguments('migrate', words));

  it('reads the options', () => {
    expect(settings()).toBeUndefined();
    expect(settings('--verify')).toMatchObject({ mode: 'compile' });
    expect(settings('--verify', 'src')).toMatchObject({ mode: 'compile' });
    expect(
      settings(
        '--verify=run',
        '--verify-script',
        'a.py',
        '--verify-steps',
        '5',
        '--verify-tolerance',
        '1e-3',
        '--verify-devices=4',
      ),
    ).toEqual({
      mode: 'run',
      script: 'a.py',
      steps: 5,
      tolerance: 1e-3,
      devices: 4,
    });
  });

  it.each([
    [['--verify=ran'], /compile, run or names, not ran/],
    [['--verify=run'], /needs --verify-script/],
    [['--verify', '--verify-steps', '3'], /--verify-steps needs --verify=run/],
    [['--verify-script', 'a.py'], /needs --verify=run/],
    [['--verify=run', '--verify-script', 'a.py', '--verify-steps', '0'], /from 1 to/],
    [['--verify=run', '--verify-script', 'a.py', '--verify-tolerance', 'x'], /from 0 to 1/],
    [['--verify', '--stdin'], /cannot be combined/],
  ])('refuses %j', (words, message) => {
    expect(() => settings(...words)).toThrow(message);
  });
});
