/**
 * Follows the advice of every reason for which a Python call is left untouched. `advised.py` beside the input of a
 * fixture is the same program after somebody did what the advice says. It needs nothing else: the tool migrates it
 * completely. `npm run test:semantics` trains what comes out.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { migrateText } from '../../../src/codemods/engine.js';
import { REFUSAL_ADVICE } from '../../../src/codemods/refusal-advice-table.js';
import { RefusalReason } from '../../../src/codemods/refusal-reason.js';
import { PYTHON } from '../../verify/python.js';

interface Report {
  readonly findings: readonly { readonly migration: string; readonly disposition: string; readonly reason?: string }[];
}

const ROOT = join(import.meta.dirname, '../../../fixtures/python');
/** Reasons of other migrations, and the one of a safety net: no program is known whose changes overlap. */
const NOT_OF_WRAPS: ReadonlySet<string> = new Set([
  RefusalReason.OverlappingEdit,
  RefusalReason.BlockedByAnotherUse,
  RefusalReason.ConditionNotProved,
  RefusalReason.NoReplacement,
]);
/** The output of a run is compiled in one process of Python. */
const COMPILE = 'import json, sys\nfor text in json.load(sys.stdin): compile(text, "advised.py", "exec")';

function reasonsOf(name: string): string[] {
  const { findings } = JSON.parse(readFileSync(join(ROOT, name, 'report.json'), 'utf8')) as Report;
  return findings.flatMap(({ migration, disposition, reason }) =>
    migration === 'multi-gpu-model' && disposition === 'refuse' && reason !== undefined ? [reason] : [],
  );
}

const all = readdirSync(ROOT).sort();
const advised = all.filter((name) => existsSync(join(ROOT, name, 'advised.py')));

async function migrate(name: string) {
  return migrateText('advised.py', readFileSync(join(ROOT, name, 'advised.py'), 'utf8'), { root: ROOT });
}

describe('advice that was followed', () => {
  it.each(advised)('leaves nothing to refuse: %s', async (name) => {
    expect(reasonsOf(name)).not.toEqual([]);
    const { output, findings, error } = await migrate(name);
    expect(error).toBeUndefined();
    expect(findings.filter(({ disposition }) => disposition === 'refuse')).toEqual([]);
    const text = output ?? readFileSync(join(ROOT, name, 'advised.py'), 'utf8');
    expect(text).not.toContain('multi_gpu_model');
    expect(text).toContain('MirroredStrategy(');
    expect(text).toContain('.fit(');
  });

  it.skipIf(PYTHON === undefined)('gives programs that Python compiles', async () => {
    const outputs = await Promise.all(advised.map(async (name) => (await migrate(name)).output ?? ''));
    execFileSync(PYTHON ?? '', ['-c', COMPILE], { input: JSON.stringify(outputs) });
  });

  it('covers every reason that a fixture shows', () => {
    const shown = new Set(all.flatMap(reasonsOf));
    const covered = new Set(advised.flatMap(reasonsOf));
    expect([...shown].filter((reason) => !covered.has(reason))).toEqual([]);
  });

  it('has a fixture for every reason of a wrap', () => {
    const shown = new Set(all.flatMap(reasonsOf));
    const missing = [...REFUSAL_ADVICE.keys()].filter((reason) => !shown.has(reason) && !NOT_OF_WRAPS.has(reason));
    expect(missing).toEqual([]);
  });
});
