/** The engine on files that are hard to handle, and on migrations that misbehave. */
import { describe, expect, it } from 'vitest';

import { migrateBytes, migrateText, migrationEnvironment } from '../../src/codemods/engine.js';
import { migrateWith } from '../../src/codemods/migrate-with.js';
import { type LanguageSupport, type Migration } from '../../src/codemods/migration.js';
import { type Change, type Finding } from '../../src/codemods/result.js';
import { defined } from '../support/defined.js';
import { textContaining, textMatching } from '../support/matchers.js';

const at = (offset: number): Finding['start'] => ({ offset, line: 1, column: offset + 1 });
const finding = (start: number, end: number, disposition: Finding['disposition'] = 'rewrite'): Finding => ({
  migration: 'test',
  api: 'x',
  message: 'x is old.',
  disposition,
  start: at(start),
  end: at(end),
});
const replace = (start: number, end: number, text: string): Change => ({
  findings: [finding(start, end)],
  edits: [{ start, end, text }],
  safety: 'safe',
});

const DEFAULTS = migrationEnvironment({});

/** A language of plain text with the given migrations; text with `?` does not parse. */
function language(...plans: Migration<string>['plan'][]): LanguageSupport<string> {
  return {
    language: 'javascript',
    migrations: plans.map((plan, index) => ({
      name: `test-${index}`,
      description: '',
      language: 'javascript',
      needles: ['x'],
      plan,
    })),
    parse(_path, text) {
      if (text.includes('?')) throw new Error('no parse');
      return text;
    },
    mark: (text, findings) =>
      text.startsWith('#') ? [] : findings.map(({ start }) => ({ start: start.offset, end: start.offset, text: '#' })),
  };
}

const everyX = (text: string): Change[] => [...text.matchAll(/x/g)].map(({ index }) => replace(index, index + 1, 'yy'));

describe('migrateWith', () => {
  it('applies every change and reports positions in the original text', () => {
    const result = migrateWith(
      language((text) => ({ changes: everyX(text), findings: [] })),
      'a.js',
      'x\r\nax',
      DEFAULTS,
    );
    expect(result).toMatchObject({ status: 'changed', output: 'yy\r\nayy' });
    expect(result.findings.map(({ start }) => start)).toEqual([
      { offset: 0, line: 1, column: 1 },
      { offset: 4, line: 2, column: 2 },
    ]);
  });

  it('maps findings of later migrations to the original text', () => {
    const first: Migration<string>['plan'] = (text) => ({ changes: everyX(text), findings: [] });
    const second: Migration<string>['plan'] = (text) => {
      const index = text.indexOf('z');
      return { changes: [], findings: index === -1 ? [] : [finding(index, index + 1, 'report')] };
    };
    const result = migrateWith(language(first, second), 'a.js', 'x x z', DEFAULTS);
    expect(result.findings.map(({ start }) => start.offset)).toEqual([0, 2, 4]);
  });

  it('applies overlapping changes one after the other', () => {
    const plan: Migration<string>['plan'] = (text) => ({
      changes: text === 'xab' ? [replace(0, 2, 'b'), replace(1, 3, 'c')] : text === 'bb' ? [replace(1, 2, 'x!')] : [],
      findings: [],
    });
    expect(migrateWith(language(plan), 'a.js', 'xab', DEFAULTS).output).toBe('bx!');
  });

  it('keeps the original when the output does not parse', () => {
    const result = migrateWith(
      language((text) => ({ changes: text === 'x' ? [replace(0, 1, '?')] : [], findings: [] })),
      'a.js',
      'x',
      DEFAULTS,
    );
    expect(result).toMatchObject({ status: 'failed', error: { code: 'INTERNAL' } });
    expect(result.output).toBeUndefined();
  });

  it('keeps the original when the output would change again', () => {
    const result = migrateWith(
      language((text) => ({ changes: [replace(text.length, text.length, 'x')], findings: [] })),
      'a.js',
      'x',
      DEFAULTS,
    );
    expect(result).toMatchObject({ status: 'failed', error: { code: 'INTERNAL' } });
  });

  it('goes on when a change makes another one possible, and reports what is left at the end', () => {
    const first: Migration<string>['plan'] = (text) =>
      text.includes('yb')
        ? { changes: [replace(text.indexOf('yb'), text.indexOf('yb') + 2, 'c')], findings: [] }
        : {
            changes: [],
            findings: [finding(text.indexOf('x'), text.length, text.includes('c') ? 'report' : 'refuse')],
          };
    const second: Migration<string>['plan'] = (text) => ({
      changes: text.includes('ab') ? [replace(text.indexOf('ab'), text.indexOf('ab') + 1, 'y')] : [],
      findings: [],
    });
    const result = migrateWith(language(first, second), 'a.js', 'x ab', DEFAULTS);
    expect(result.output).toBe('x c');
    expect(result.findings.map(({ disposition, start }) => [disposition, start.offset])).toEqual([
      ['rewrite', 2],
      ['rewrite', 2],
    ]);
    expect(result.remaining?.map(({ disposition }) => disposition)).toEqual(['report']);
  });

  it('runs a migration whose words a change has added', () => {
    const { migrations, ...others } = language(
      (text) => ({
        changes: text.includes('a') ? [replace(text.indexOf('a'), text.indexOf('a') + 1, 'z')] : [],
        findings: [],
      }),
      (text) => ({
        changes: text.includes('z') ? [replace(text.indexOf('z'), text.indexOf('z') + 1, 'b')] : [],
        findings: [],
      }),
    );
    const needing = migrations.map((migration, index) => (index === 1 ? { ...migration, needles: ['z'] } : migration));
    expect(migrateWith({ ...others, migrations: needing }, 'a.js', 'x a', DEFAULTS).output).toBe('x b');
  });

  it('marks what a second run finds', () => {
    const plan: Migration<string>['plan'] = (text) =>
      text.includes('a')
        ? { changes: [replace(text.indexOf('a'), text.indexOf('a') + 1, 'b')], findings: [finding(1, 2, 'refuse')] }
        : { changes: [], findings: [finding(0, 1, 'refuse')] };
    const result = migrateWith(language(plan), 'a.js', 'x a', migrationEnvironment({ mark: true }));
    expect(result.output).toBe('#x b');
  });

  it('keeps the original when a second run would add another mark', () => {
    const marking = {
      ...language((text) => ({ changes: [], findings: [finding(text.indexOf('x'), text.length, 'report')] })),
      mark: () => [{ start: 0, end: 0, text: '#' }],
    };
    const result = migrateWith(marking, 'a.js', 'x', migrationEnvironment({ mark: true }));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'INTERNAL' } });
  });

  it('keeps the original when a migration crashes', () => {
    const result = migrateWith(
      language(() => {
        throw new TypeError('oh');
      }),
      'a.js',
      'x',
      DEFAULTS,
    );
    expect(result).toMatchObject({
      status: 'failed',
      error: { code: 'INTERNAL', message: textContaining('oh') },
    });
  });

  it('does not parse a file without a needle', () => {
    expect(
      migrateWith(
        language(() => ({ changes: [], findings: [] })),
        'a.js',
        '???',
        DEFAULTS,
      ).status,
    ).toBe('unchanged');
  });

  it('inserts text with the line endings of the file and keeps its byte-order mark', () => {
    const plan: Migration<string>['plan'] = (text) => ({
      changes: text.includes('new') ? [] : [replace(0, 0, 'new\n')],
      findings: [],
    });
    expect(migrateWith(language(plan), 'a.js', '\uFEFFx\r\nb\r\n', DEFAULTS).output).toBe('\uFEFFnew\r\nx\r\nb\r\n');
  });

  it('marks the findings that are left only once', () => {
    const left = language((text) => ({ changes: [], findings: [finding(text.indexOf('x'), text.length, 'report')] }));
    const marked = migrateWith(left, 'a.js', 'x', migrationEnvironment({ mark: true }));
    expect(marked.output).toBe('#x');
    expect(migrateWith(left, 'a.js', '#x', migrationEnvironment({ mark: true })).status).toBe('unchanged');
  });
});

describe('migrateText', () => {
  it('leaves files of other languages unchanged', async () => {
    expect((await migrateText('a.md', "import { multiGpuModel } from 'keras';")).status).toBe('unchanged');
  });

  it('runs only the migrations that are named', async () => {
    const text = "import { multiGpuModel } from 'keras';\nconst a = multiGpuModel(f(), 2);\n";
    expect((await migrateText('a.js', text, { only: ['no-such'] })).status).toBe('unchanged');
    expect((await migrateText('a.js', text, { only: ['multi-gpu-model'] })).status).toBe('changed');
  });

  it('accepts additional modules', async () => {
    const text = "import { multiGpuModel } from 'our-keras';\nconst a = multiGpuModel(f(), 2);\n";
    const [unknown] = (await migrateText('a.js', text)).findings;
    expect(unknown).toMatchObject({ disposition: 'report' });
    expect(unknown?.message).toContain('add "our-keras" to "modules"');
    expect((await migrateText('a.js', text, { modules: ['our-keras'] })).findings).toHaveLength(1);
  });

  it('reports where a file does not parse', async () => {
    const { status, error } = await migrateText('src/a.ts', '// multiGpuModel\nconst = 1;\n');
    expect(status).toBe('failed');
    expect(error).toMatchObject({ code: 'SYNTAX', message: textMatching(/^src\/a\.ts:2:7: /) });
  });

  it('marks a refused call above its statement, in the style of the file, and only once', async () => {
    const text =
      "import { multiGpuModel } from 'keras';\r\nfunction f() {\r\n\treturn multiGpuModel(m, 2);\r\n}\r\nif (a) multiGpuModel(m, 3);\r\n";
    const { output } = await migrateText('a.js', text, { mark: true });
    expect(output?.split('\r\n')).toEqual([
      "import { multiGpuModel } from 'keras';",
      'function f() {',
      textMatching(/^\t\/\/ TODO\(mirrorscope\): model-not-in-view: /),
      '\treturn multiGpuModel(m, 2);',
      '}',
      textMatching(/^\/\/ TODO\(mirrorscope\): model-not-in-view: /),
      'if (a) multiGpuModel(m, 3);',
      '',
    ]);
    expect((await migrateText('a.js', defined(output), { mark: true })).status).toBe('unchanged');
  });
});

describe('migrateBytes', () => {
  it('rejects bytes that are not UTF-8', async () => {
    const result = await migrateBytes('a.js', Buffer.from([0x6d, 0xff, 0x0a]));
    expect(result).toMatchObject({ status: 'failed', error: { code: 'ENCODING' } });
  });

  it('migrates ten megabytes on one line', async () => {
    const line = `var a=${JSON.stringify('x'.repeat(10_000))};`.repeat(1000);
    const text = `import{multiGpuModel as m}from"keras-js";${line}let b=f();b=m(b,2);`;
    const { status, output } = await migrateBytes('a.min.js', Buffer.from(text));
    expect(status).toBe('changed');
    expect(output).toContain(line);
  });
});
