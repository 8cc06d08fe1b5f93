/** Changes that reach into other files: lint reports what `migrate` would change, and changes nothing. */
import type { JavaScriptSource } from '../../src/codemods/js/syntax/parse.js';
import type { MigrationContext } from '../../src/codemods/migration.js';
import type { Finding, Plan } from '../../src/codemods/result.js';

import { Linter, type Rule } from 'eslint';
import { expect, it } from 'vitest';

import { positionsIn } from '../../src/codemods/edits/positions.js';
import { RefusalReason } from '../../src/codemods/refusal-reason.js';
import { planOf } from '../../src/rules/lint-source.js';
import { PLAN_MESSAGES, reportsOf } from '../../src/rules/plan-reports.js';

/** Refuses `here` on its own and `never` always; changes `here` together with another file. */
function plan({ text }: JavaScriptSource, { acrossFiles }: MigrationContext): Plan {
  const at = (word: string, parts: Partial<Finding>): Finding => {
    const start = text.indexOf(word);
    const position = positionsIn(text);
    return {
      migration: 'wide',
      api: word,
      message: `${word} is old.`,
      disposition: 'refuse',
      start: position(start),
      end: position(start + word.length),
      ...parts,
    };
  };
  const refused = at('never', { reason: RefusalReason.CpuRelocation });
  if (!acrossFiles) return { changes: [], findings: [at('here', { reason: RefusalReason.ModelNotInView }), refused] };
  const edit = { start: 0, end: 4, text: 'there' };
  return {
    changes: [
      {
        findings: [at('here', { disposition: 'rewrite' })],
        edits: [edit],
        otherFiles: new Map([['/model.js', [edit]]]),
        safety: 'suggestion',
      },
    ],
    findings: [refused],
  };
}

function messages(followImports: boolean): string[] {
  const rule: Rule.RuleModule = {
    meta: { messages: { ...PLAN_MESSAGES }, fixable: 'code', hasSuggestions: true },
    create: (context) => ({
      Program() {
        const found = planOf(
          context,
          { name: 'wide', acrossFiles: true, plan },
          { modules: [], followImports, ignore: [] },
        );
        for (const report of reportsOf(context, found)) context.report(report);
      },
    }),
  };
  const config: Linter.Config = { plugins: { wide: { rules: { wide: rule } } }, rules: { 'wide/wide': 'error' } };
  return new Linter()
    .verify('here(); never();', config, { filename: 'train.js' })
    .map(({ messageId, fix, suggestions }) => {
      expect([fix, suggestions]).toEqual([undefined, undefined]);
      return messageId ?? '';
    });
}

it('points to `migrate` when other files have to change', () => {
  expect(messages(true)).toEqual(['severalFiles', 'refused']);
});

it('plans the file alone when it must not read others', () => {
  expect(messages(false)).toEqual(['refused', 'refused']);
});
