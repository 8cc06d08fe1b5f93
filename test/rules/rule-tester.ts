/** Runs a rule's cases with ESLint 9 and 10, each with its own espree and with @typescript-eslint/parser. */
import * as typescriptParser from '@typescript-eslint/parser';
import { type Linter, type Rule, RuleTester as RuleTester10 } from 'eslint';
import { RuleTester as RuleTester9 } from 'eslint9';
import { describe, it } from 'vitest';

/** Which parsers can read a case. */
interface Dialect {
  /** True when the code is TypeScript, which espree cannot read. */
  readonly typescript?: boolean;
}

export type ValidCase = RuleTester10.ValidTestCase & Dialect;
export type InvalidCase = RuleTester10.InvalidTestCase & Dialect;

export interface RuleCases {
  readonly valid: readonly ValidCase[];
  readonly invalid: readonly InvalidCase[];
}

/** One pair of ESLint and parser. */
export interface Environment {
  readonly name: string;
  readonly eslint: 9 | 10;
  readonly typescript: boolean;
  readonly languageOptions: Linter.LanguageOptions;
}

const base = { ecmaVersion: 'latest', sourceType: 'module' } as const;
const typescript = { ...base, parser: typescriptParser as Linter.Parser };

export const ENVIRONMENTS: readonly Environment[] = [
  { name: 'ESLint 9, espree', eslint: 9, typescript: false, languageOptions: base },
  { name: 'ESLint 9, @typescript-eslint/parser', eslint: 9, typescript: true, languageOptions: typescript },
  { name: 'ESLint 10, espree', eslint: 10, typescript: false, languageOptions: base },
  { name: 'ESLint 10, @typescript-eslint/parser', eslint: 10, typescript: true, languageOptions: typescript },
];

/** Declares the tests of a rule, once per environment. */
export function runRuleCases(name: string, rule: Rule.RuleModule, cases: RuleCases): void {
  for (const environment of ENVIRONMENTS) {
    const fits = (entry: Dialect): boolean => environment.typescript || entry.typescript !== true;
    const RuleTester = environment.eslint === 9 ? (RuleTester9 as unknown as typeof RuleTester10) : RuleTester10;
    RuleTester.describe = describe;
    RuleTester.it = it;
    describe(environment.name, () => {
      new RuleTester({ languageOptions: environment.languageOptions }).run(name, rule, {
        valid: cases.valid.filter(fits).map(withoutDialect),
        invalid: cases.invalid.filter(fits).map(withoutDialect),
      });
    });
  }
}

function withoutDialect<Case extends Dialect>(entry: Case): Omit<Case, 'typescript'> & Case {
  const copy = { ...entry };
  delete (copy as { typescript?: boolean }).typescript;
  return copy;
}
