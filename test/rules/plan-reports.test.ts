/** How changes and refusals of a migration become fixes, suggestions and messages. */
import type { Change, Finding, Plan, TextEdit } from '../../src/codemods/result.js';
import type { Rule } from 'eslint';

import { positionsIn } from '../../src/codemods/edits/positions.js';
import { RefusalReason } from '../../src/codemods/refusal-reason.js';
import { PLAN_MESSAGES, reportsOf } from '../../src/rules/plan-reports.js';

import { runRuleCases } from './rule-tester.js';

/** A rule that reports what `plan` says of the text. */
function ruleFor(plan: (text: string) => Plan): Rule.RuleModule {
  return {
    meta: { type: 'problem', fixable: 'code', hasSuggestions: true, schema: [], messages: { ...PLAN_MESSAGES } },
    create: (context) => ({
      Program() {
        for (const report of reportsOf(context, plan(context.sourceCode.text))) context.report(report);
      },
    }),
  };
}

function findingAt(text: string, word: string, parts: Partial<Finding> = {}): Finding {
  const start = text.indexOf(word);
  const position = positionsIn(text);
  return {
    migration: 'test',
    api: word,
    message: `${word} is deprecated.`,
    disposition: 'rewrite',
    start: position(start),
    end: position(start + word.length),
    ...parts,
  };
}

/** One change, while the text contains the old name. */
function change(text: string, edits: readonly TextEdit[], parts: Partial<Change> = {}): Plan {
  if (!text.includes('old')) return { changes: [], findings: [] };
  return { changes: [{ findings: [findingAt(text, 'old')], edits, safety: 'safe', ...parts }], findings: [] };
}

/** Replaces the first `from` by `to`. */
function replace(text: string, from: string, to: string): TextEdit {
  const start = text.indexOf(from);
  return { start, end: start + from.length, text: to };
}

const found = {
  messageId: 'found',
  data: { message: 'old is deprecated.' },
  line: 1,
  column: 1,
  endLine: 1,
  endColumn: 4,
} as const;

runRuleCases(
  'a safe change',
  ruleFor((text) => change(text, [replace(text, 'old', 'fresh')])),
  {
    valid: [{ name: 'nothing found', code: 'other();' }],
    invalid: [{ name: 'is a fix', code: 'old();', output: 'fresh();', errors: [found] }],
  },
);

runRuleCases(
  'a safe change of several edits',
  ruleFor((text) => change(text, [replace(text, ';', '; // b'), replace(text, 'old', 'fresh')])),
  {
    valid: [],
    invalid: [{ name: 'is one fix', code: 'old();', output: 'fresh(); // b', errors: [found] }],
  },
);

runRuleCases(
  'a change that needs consent',
  ruleFor((text) => change(text, [replace(text, 'old', 'fresh')], { safety: 'suggestion' })),
  {
    valid: [],
    invalid: [
      {
        name: 'is a suggestion',
        code: 'old();',
        output: null,
        errors: [{ ...found, suggestions: [{ messageId: 'rewrite', data: { api: 'old' }, output: 'fresh();' }] }],
      },
    ],
  },
);

runRuleCases(
  'new lines',
  ruleFor((text) => change(text, [replace(text, 'old', 'a\nb')])),
  {
    valid: [],
    invalid: [
      {
        name: 'use the line ending of the file',
        code: 'old();\r\nc();\r\n',
        output: 'a\r\nb();\r\nc();\r\n',
        errors: [found],
      },
    ],
  },
);

runRuleCases(
  'a change in several files',
  ruleFor((text) =>
    change(text, [replace(text, 'old', 'fresh')], {
      otherFiles: new Map([['/a.js', [{ start: 0, end: 0, text: 'x' }]]]),
    }),
  ),
  {
    valid: [],
    invalid: [
      {
        name: 'is only reported',
        code: 'old();',
        output: null,
        errors: [{ ...found, messageId: 'severalFiles', suggestions: [] }],
      },
    ],
  },
);

runRuleCases(
  'a change that would delete a comment',
  ruleFor((text) => change(text, [replace(text, 'old(/* why */)', 'fresh()')])),
  {
    valid: [],
    invalid: [
      { name: 'is only reported', code: 'old(/* why */);', output: null, errors: [{ ...found, suggestions: [] }] },
    ],
  },
);

runRuleCases(
  'a change that would delete one of two equal comments',
  ruleFor((text) => change(text, [replace(text, 'old(/* a */)/* a */', 'fresh(/* a */)')])),
  {
    valid: [],
    invalid: [
      { name: 'is only reported', code: 'old(/* a */)/* a */;', output: null, errors: [{ ...found, suggestions: [] }] },
    ],
  },
);

runRuleCases(
  'a change that moves a comment',
  ruleFor((text) => change(text, [replace(text, '// why', ''), replace(text, 'old', '// why\nfresh')])),
  {
    valid: [],
    invalid: [{ name: 'is a fix', code: 'old(); // why', output: '// why\nfresh(); ', errors: [found] }],
  },
);

runRuleCases(
  'a refusal',
  ruleFor((text) => ({
    changes: [],
    findings: [findingAt(text, 'old', { disposition: 'refuse', reason: RefusalReason.NameCollision })],
  })),
  {
    valid: [],
    invalid: [
      {
        name: 'says why and what to do',
        code: 'old();',
        output: null,
        errors: [
          {
            message: 'old is deprecated. Rename one of the two variables and run again. (name-collision)',
            line: 1,
            column: 1,
          },
        ],
      },
    ],
  },
);
