/**
 * Trains 40 random programs before and after their migration, and compares them. `npm run test:semantics` trains 1,000,
 * and others with `--seed`.
 */
import { describe, expect, it } from 'vitest';

import { checkPrograms } from '../../scripts/semantics/check-programs.js';
import { chooseProgram } from '../../scripts/semantics/choose.js';
import { migrateText } from '../../src/codemods/engine.js';
import { createSourceFiles } from '../../src/scan/source-files.js';
import { runScripts } from '../../src/verify/run-scripts.js';
import { compareRuns } from '../../src/verify/verify-run.js';
import { PYTHON } from '../verify/python.js';

const PROGRAMS = 40;

describe.skipIf(PYTHON === undefined)('random programs', () => {
  it('compute the same before and after their migration', { timeout: 900_000 }, async () => {
    // One version of Keras, which takes half as many processes.
    const choices = Array.from({ length: PROGRAMS }, (_, seed) => ({ ...chooseProgram(seed + 1), version: '3' }));
    const tools = { migrateText, createSourceFiles, runScripts, compareRuns };
    const checked = await checkPrograms(choices, tools, PYTHON ?? '');
    const wrong = checked.filter(({ verdict }) => verdict === 'different' || verdict === 'unusable');
    expect(wrong.map(({ verdict, message }) => `${verdict}: ${message}`)).toEqual([]);
    expect(checked.filter(({ verdict }) => verdict === 'same').length).toBeGreaterThan((PROGRAMS * 2) / 3 - 1);
  });
});
