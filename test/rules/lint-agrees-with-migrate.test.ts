/** Lint and `migrate` report the same code, for the same reasons, in every fixture. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Linter as Linter10, type Rule } from 'eslint';
import { Linter as Linter9 } from 'eslint9';
import { describe, expect, it } from 'vitest';

import { migrateAcrossFiles } from '../../src/codemods/across-files/migrate-across-files.js';
import { splitByteOrderMark } from '../../src/codemods/edits/encoded-text.js';
import { migrateText, migrationEnvironment } from '../../src/codemods/engine.js';
import plugin from '../../src/rules/index.js';
import { readOnlyFiles } from '../../src/rules/project-files.js';
import { defined } from '../support/defined.js';

import { type Environment, ENVIRONMENTS } from './rule-tester.js';

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const SETS = ['multi-gpu-model', 'tfjs-legacy', 'create-model-in-scope', 'tfjs-node', 'legacy-project'];

/** Fixtures of opt-in migrations, each with its rule. The other sets test the migrations that run by default. */
const OPT_IN: ReadonlyMap<string, string> = new Map([['tfjs-node', 'prefer-mirrorscope-node']]);
const SOURCE = /\.[cm]?[jt]sx?$/;

/**
 * Nested changes: `migrate` makes one after the other, and reports each at the position that its text came from. Lint
 * reports what it finds in the first round, and needs further rounds to fix the rest. So only lines and names agree.
 */
const NESTED_CHANGES: ReadonlySet<string> = new Set(['tfjs-legacy/several-in-one-expression/input.js']);

/** The newest ESLint with the parser that reads every fixture but scripts. */
const CURRENT_TYPESCRIPT = defined(ENVIRONMENTS.find(({ eslint, typescript }) => eslint === 10 && typescript));
/** The newest ESLint with its own parser, the only one that reads what a script may contain and a module may not. */
const CURRENT_ESPREE = defined(ENVIRONMENTS.find(({ eslint, typescript }) => eslint === 10 && !typescript));

/** A finding, in the terms that lint and `migrate` share. */
interface Located {
  readonly start: number;
  readonly end: number;
  readonly api: string;
  readonly reason: string | undefined;
}

function filesOf(set: string): string[] {
  const root = join(FIXTURES, set);
  if (!existsSync(root)) return [];
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => SOURCE.test(file) && !/(?:^|[\\/])(?:expected|output|node_modules)\b/.test(file))
    .sort();
}

/** The rules, wrapped so that every report is recorded before ESLint turns it into a message. */
function recordingInto(places: Located[], set?: string): Linter10.Config {
  const optIn = OPT_IN.get(set ?? '');
  const isWanted = (name: string): boolean =>
    optIn === undefined ? ![...OPT_IN.values()].includes(name) : name === optIn;
  const rules = Object.entries<Rule.RuleModule>(plugin.rules)
    .filter(([name]) => isWanted(name))
    .map(([name, rule]) => {
      const create = (context: Rule.RuleContext): Rule.RuleListener => {
        const report = (descriptor: {
          loc: { start: Position; end: Position };
          data: { api: string; reason?: string };
        }): void => {
          const { sourceCode } = context;
          places.push({
            start: sourceCode.getIndexFromLoc(descriptor.loc.start),
            end: sourceCode.getIndexFromLoc(descriptor.loc.end),
            api: descriptor.data.api,
            reason: descriptor.data.reason,
          });
          context.report(descriptor as unknown as Rule.ReportDescriptor);
        };
        return rule.create(Object.create(context, { report: { value: report } }) as Rule.RuleContext);
      };
      return [name, { ...rule, create }] as const;
    });
  return {
    files: ['**/*.{js,jsx,cjs,mjs,ts,tsx,cts,mts}'],
    plugins: { recording: { rules: Object.fromEntries(rules) } },
    rules: Object.fromEntries(rules.map(([name]) => [`recording/${name}`, 'error'])),
  };
}

type Position = { line: number; column: number };

/** What lint reports; `undefined` when the parser cannot read the file. */
function lintFindings(environment: Environment, set: string, path: string, text: string): Located[] | undefined {
  const places: Located[] = [];
  const Linter = environment.eslint === 9 ? (Linter9 as unknown as typeof Linter10) : Linter10;
  const languageOptions = languageOptionsFor(environment, path);
  const messages = new Linter({ cwd: FIXTURES }).verify(text, [{ ...recordingInto(places, set), languageOptions }], {
    filename: path,
  });
  const fatal = messages.find((message) => message.fatal);
  if (fatal !== undefined) {
    if (!environment.typescript || isScript(path)) return undefined;
    throw new Error(`${path}: ${fatal.message}`);
  }
  return places.sort(inOrder);
}

/** ESLint reads `.cjs` files as scripts unless a configuration says otherwise. */
function languageOptionsFor({ languageOptions }: Environment, path: string): Linter10.LanguageOptions {
  const sourceType = isScript(path) ? 'commonjs' : 'module';
  return { ...languageOptions, sourceType, parserOptions: jsxIn(path) };
}

function isScript(path: string): boolean {
  return path.endsWith('.cjs');
}

function jsxIn(path: string): Linter10.ParserOptions {
  return { ecmaFeatures: { jsx: !/\.[cm]?ts$/.test(path) } };
}

/** What `migrate` reports of a file. A file in a folder `input` is migrated as part of that project. */
async function migrateFindings(set: string, folder: string, file: string, text: string): Promise<Located[]> {
  const [, project = '', name = file] = /^(.*\binput)[\\/](.*)$/.exec(file) ?? [];
  const root = join(folder, project);
  const files = readOnlyFiles();
  const options = { root, files, ...(OPT_IN.has(set) ? { only: [set] } : {}) };
  const alone = await migrateText(name, text, options);
  const readOriginal = (path: string): string | undefined => files.read(join(root, path));
  const across =
    project === ''
      ? []
      : await migrateAcrossFiles([{ path: name, text, result: alone }], {
          ...migrationEnvironment(options),
          root,
          files,
          readOriginal,
        });
  const { findings, error } = across.find(({ path }) => path === name)?.result ?? alone;
  expect(error).toBeUndefined();
  return findings
    .map(({ start, end, api, reason }): Located => ({ start: start.offset, end: end.offset, api, reason }))
    .sort(inOrder);
}

function inOrder(a: Located, b: Located): number {
  return a.start - b.start || a.end - b.end || a.api.localeCompare(b.api);
}

function linesAndNames(text: string, places: readonly Located[]): string[] {
  return places.map(({ start, api }) => `${text.slice(0, start).split('\n').length}: ${api}`).sort();
}

describe.each(SETS)('%s', (set) => {
  const files = filesOf(set);

  let reported = 0;

  it('has files', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(files)('%s', async (file) => {
    const root = join(FIXTURES, set);
    const text = readFileSync(join(root, file), 'utf8');
    const expected = await migrateFindings(set, root, file, text);
    reported += expected.length;
    const comparable = NESTED_CHANGES.has(`${set}/${file}`)
      ? (places: readonly Located[]) => linesAndNames(text, places)
      : (places: readonly Located[]) => places;
    for (const environment of ENVIRONMENTS) {
      const found = lintFindings(environment, set, join(root, file), splitByteOrderMark(text).body);
      if (found !== undefined) expect(comparable(found), environment.name).toEqual(comparable(expected));
    }
  });

  it('has findings', () => {
    expect(reported).toBeGreaterThan(0);
  });
});

/** Every change of this migration provably keeps behaviour, so `--fix` writes what `migrate` writes. */
describe('eslint --fix writes what migrate writes, for tfjs-legacy', () => {
  const root = join(FIXTURES, 'tfjs-legacy');

  it.each(filesOf('tfjs-legacy'))('%s', async (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const { output = text } = await migrateText(file, text, { root, only: ['tfjs-legacy'] });
    const fixed = new Linter10({ cwd: FIXTURES }).verifyAndFix(
      text,
      [
        {
          ...recordingInto([]),
          languageOptions: languageOptionsFor(isScript(file) ? CURRENT_ESPREE : CURRENT_TYPESCRIPT, file),
        },
      ],
      { filename: join(root, file) },
    );
    expect(fixed.output).toBe(output);
  });
});

/** All rewrites of this migration are suggestions. Accepted, they write what `migrate` writes, comments included. */
describe('accepted suggestions write what migrate writes, for multi-gpu-model', () => {
  const { languageOptions } = CURRENT_TYPESCRIPT;
  const root = join(FIXTURES, 'multi-gpu-model');
  const config: Linter10.Config = { ...recordingInto([]), rules: { 'recording/no-multi-gpu-model': 'error' } };

  it.each(filesOf('multi-gpu-model'))('%s', async (file) => {
    const { body } = splitByteOrderMark(readFileSync(join(root, file), 'utf8'));
    const { output = body } = await migrateText(file, body, {
      root,
      files: readOnlyFiles(),
      only: ['multi-gpu-model'],
    });
    let text = body;
    for (let round = 0; round < 10; round++) {
      const messages = new Linter10({ cwd: FIXTURES }).verify(
        text,
        [{ ...config, languageOptions: { ...languageOptions, parserOptions: jsxIn(file) } }],
        { filename: join(root, file) },
      );
      const [offered] = messages.flatMap(({ fix, suggestions = [] }) => [
        ...(fix === undefined ? [] : [fix]),
        ...suggestions.map((each) => each.fix),
      ]);
      if (offered === undefined) break;
      text = text.slice(0, offered.range[0]) + offered.text + text.slice(offered.range[1]);
    }
    expect(text).toBe(output);
  });
});

/** The same for tfjs-node, which makes one suggestion per file. */
describe('accepted suggestions write what migrate writes, for tfjs-node', () => {
  const { languageOptions } = CURRENT_TYPESCRIPT;
  const root = join(FIXTURES, 'tfjs-node');

  it.each(filesOf('tfjs-node'))('%s', async (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const { output = text } = await migrateText(file, text, { only: ['tfjs-node'] });
    const messages = new Linter10({ cwd: FIXTURES }).verify(
      text,
      [{ ...recordingInto([], 'tfjs-node'), languageOptions: { ...languageOptions, parserOptions: jsxIn(file) } }],
      { filename: join(root, file) },
    );
    const [offered] = messages.flatMap(({ suggestions = [] }) => suggestions.map(({ fix }) => fix));
    expect(
      offered === undefined ? text : text.slice(0, offered.range[0]) + offered.text + text.slice(offered.range[1]),
    ).toBe(output);
  });
});

/** No rule may report the code that `migrate` writes. */
describe('create-model-in-scope finds nothing in what multi-gpu-model writes', () => {
  const root = join(FIXTURES, 'multi-gpu-model');

  it.each(filesOf('multi-gpu-model'))('%s', async (file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const { output = text } = await migrateText(file, text, {
      root,
      files: readOnlyFiles(),
      only: ['multi-gpu-model'],
    });
    const { findings } = await migrateText(file, output, { only: ['create-model-in-scope'] });
    expect(findings).toEqual([]);
  });
});
