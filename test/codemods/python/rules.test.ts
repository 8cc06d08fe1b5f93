/** Checks each rule about the life of a model with a fixture that it refuses. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { RULES } from '../../../src/codemods/python/multi-gpu-model/checks/rules-table.js';
import { findWrapUses } from '../../../src/codemods/python/multi-gpu-model/find/find-wrap-uses.js';
import { analyzedModule } from '../../../src/codemods/python/multi-gpu-model/find/origin-context.js';
import { analyzeWraps } from '../../../src/codemods/python/multi-gpu-model/model/analyze-wraps.js';
import { buildPlaceOf } from '../../../src/codemods/python/multi-gpu-model/model/build-place.js';
import { readLifecycle } from '../../../src/codemods/python/multi-gpu-model/model/lifecycle.js';
import { wrapOf } from '../../../src/codemods/python/multi-gpu-model/model/wrap-group.js';
import { readBuilding } from '../../../src/codemods/python/multi-gpu-model/plans/building.js';
import { ProjectPlans } from '../../../src/codemods/python/multi-gpu-model/uses/project-plans.js';
import { PythonProject } from '../../../src/codemods/python/project/python-project.js';
import { SourceCache } from '../../../src/codemods/python/project/source-cache.js';
import { loadPythonParser } from '../../../src/codemods/python/syntax/parser.js';
import { isRefusal } from '../../../src/codemods/refusal.js';
import { createSourceFiles } from '../../../src/scan/source-files.js';

const ROOT = join(import.meta.dirname, '../../../fixtures/python');

const FIXTURES: ReadonlyMap<string, string> = new Map([
  ['both models are compiled alike', 'refuse-template-compiled-otherwise'],
  ['both attributes are compiled alike', 'refuse-attribute-template-compiled-later'],
  ['no model is an attribute of the other', 'refuse-wrapped-keeps-template'],
  ['no other class reads the layers', 'refuse-attribute-layers-from-outside'],
  ['no other branch needs the device', 'refuse-device-scope-of-other-wraps'],
  ['no other function wraps it again', 'refuse-parameter-model-wrapped-before'],
  ['no other function builds a larger model', 'project-refuse-method-composes'],
  ['no other file builds a larger model', 'project-refuse-gan-of-functions'],
  ['what compiles it is in view', 'refuse-compile-out-of-view'],
  ['no caller creates its optimizer', 'project-refuse-optimizer-handed-over'],
]);

const sources = new SourceCache(await loadPythonParser());

/** The rules that object to the first wrap of a fixture, with what they say. */
function objections(fixture: string): Map<string, string> {
  const folder = join(ROOT, fixture);
  const root = existsSync(join(folder, 'input.py')) ? folder : join(folder, 'input');
  const project = new PythonProject(root, createSourceFiles(), sources, analyzedModule);
  const found = new Map<string, string>();
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (each) => each.endsWith('.py') && each !== 'expected.py',
  )) {
    const module = project.module(join(root, name));
    for (const site of module === undefined ? [] : findWrapUses(module).sites) {
      if (module === undefined) continue;
      const plans = new ProjectPlans(project, 'mirrored');
      const shared = { context: plans, removedImports: new Set<never>(), usedNames: new Set<string>() };
      const context = { ...shared, runsInCallersScope: false };
      const wrap = wrapOf(module, site);
      const place = buildPlaceOf(project, module, wrap);
      const building = place === undefined ? undefined : readBuilding(module, wrap, place, context);
      if (isRefusal(building)) continue;
      const group = analyzeWraps(project, module, [wrap], { isBuiltElsewhere: building !== undefined });
      if (isRefusal(group)) continue;
      const life = readLifecycle(module, group, context, building);
      for (const rule of RULES) {
        const objection = rule.check(life);
        if (objection !== undefined) found.set(rule.name, objection.message);
      }
    }
  }
  return found;
}

it('has a fixture for each rule', () => {
  expect([...FIXTURES.keys()]).toEqual(RULES.map(({ name }) => name));
});

it.each([...FIXTURES])('%s: %s', (rule, fixture) => {
  const report = readFileSync(join(ROOT, fixture, 'report.json'), 'utf8');
  expect(report).toContain(objections(fixture).get(rule));
});
