/**
 * Reports that some wraps of a program go and others stay while its files exchange weights: those of a multi-GPU model
 * are nested, those of the original model are not. Pure.
 */
import type { Finding, Plan } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { PythonProject } from '../../project/python-project.js';

import { leavesWrap, migratesWrap } from '../staying-wraps.js';

import { pathSeenFrom } from './attribute-uses.js';

const SAVES = /ModelCheckpoint|\.save(_weights)?\s*\(|save_model\s*\(/;
const LOADS = /\bload_(weights|model)\s*\(/;

/**
 * The plan with these reports, at the wraps that go and at those that stay.
 *
 * @param project - The project.
 * @param module - The file.
 * @param plan - Its plan.
 * @param planOf - The plan of another file.
 */
export function withSharedWeights(
  project: PythonProject,
  module: PythonModule,
  plan: Plan,
  planOf: (module: PythonModule) => Plan,
): Plan {
  const { path } = module.source;
  const [migrates, stays] = [migratesWrap(plan), leavesWrap(plan)];
  if (migrates === stays || !path.endsWith('.py') || !exchangesWeights(project, path)) return plan;
  const connected = project.index.connectedTo(path);
  for (const other of project.filesMentioning('multi_gpu_model')) {
    if (other === path || !connected.has(other) || !other.endsWith('.py')) continue;
    const file = project.module(other);
    const theirs = file === undefined ? undefined : planOf(file);
    if (theirs === undefined || (migrates ? !leavesWrap(theirs) : !migratesWrap(theirs))) continue;
    const [wrap] = migrates ? plan.changes.flatMap(({ findings }) => findings) : refused(plan);
    if (wrap === undefined) return plan;
    const report = reportAt(
      wrap,
      migrates ? placeOf(path, other, refused(theirs)) : pathSeenFrom(path, other),
      migrates,
    );
    return migrates
      ? {
          ...plan,
          changes: plan.changes.map((change, index) =>
            index > 0 ? change : { ...change, consequences: [...(change.consequences ?? []), report] },
          ),
        }
      : { ...plan, findings: [...plan.findings, report] };
  }
  return plan;
}

/** Whether files that share modules with a file save weights, and some load them. */
function exchangesWeights(project: PythonProject, path: string): boolean {
  const texts = [...project.index.connectedTo(path)].map((each) => project.text(each) ?? '');
  return texts.some((each) => SAVES.test(each)) && texts.some((each) => LOADS.test(each));
}

function refused({ findings }: Plan): Finding[] {
  return findings.filter(({ disposition }) => disposition === 'refuse');
}

function placeOf(from: string, path: string, [first]: readonly Finding[]): string {
  return `${pathSeenFrom(from, path)}${first === undefined ? '' : `, line ${first.start.line}`}`;
}

function reportAt({ migration, api, start, end }: Finding, place: string, migrates: boolean): Finding {
  const message = migrates
    ? `this program now saves and loads weights in the layout of the original model, but ${place}, keeps multi_gpu_model, whose weights are nested: the two cannot exchange weights before that call is migrated, too`
    : `${place} no longer wraps its model, so that weights which it saves or loads have the layout of the original model, not of this multi-GPU model`;
  return { migration, api, start, end, disposition: 'report', message };
}
