/** Plans one file: finds the wraps, groups them by function, and decides about the imports last. */
import type { Change, Finding, Plan, TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { ComposedPlace } from '../uses/composition.js';
import type { Definition } from '../uses/exported-origin.js';
import type { CompositionPlan } from './plan-composition.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { enclosingClass, enclosingFunction } from '../../analysis/statements.js';
import { childByField, contains, type PyNode } from '../../syntax/node.js';
import { replaceRedirectingCallbacks } from '../callbacks/redirecting-callbacks.js';
import { templateInCallbacks } from '../callbacks/template-in-callbacks.js';
import { hiddenUses } from '../find/hidden-uses.js';
import { importedModels, planImportedCompiles } from '../find/imported-models.js';
import { passedOnUses } from '../find/re-exported-uses.js';
import { findWrapUses, type WrapSite, type WrapUses } from '../find/wrap-site.js';
import { definedWrappers, legacyCallIn, type ModuleLoader, type Wrapper, wrapperOf } from '../find/wrappers.js';
import { type GroupEnvironment, type GroupMember, groupMember } from '../model/wrap-group.js';
import { Refusal } from '../refusal.js';
import { editImports, legacyImports, vanishingImports } from '../write/import-edits.js';

import { planAttribute } from './plan-attribute.js';
import { type GroupPlan, planGroup } from './plan-group.js';
import { planParameter } from './plan-parameter.js';
import { dropStatement, planDrop } from './plan-removal.js';

const MIGRATION = 'multi-gpu-model';
const API = 'keras.utils.multi_gpu_model';
const WEIGHT_FILES =
  'weights saved from the wrapped model have another layout; convert them with `mirrorscope convert-weights`';

/** What a file may know about the rest of its project. */
export interface FileEnvironment {
  readonly load: ModuleLoader;
  /** Whether every file that uses a wrapper of this one can do without it; undefined when the project cannot be listed. */
  readonly unused: (wrapper: Wrapper) => boolean | undefined;
  /** Where another file builds a larger model out of an attribute of this name, as in `gan.model(x)`, and knows the class. */
  readonly composedElsewhere: (attribute: string, owner: string | undefined) => ComposedPlace | undefined;
  /** Whether those who build larger models out of what a class of the file wraps can do it in one scope. */
  readonly composedInScope: (module: PythonModule, owner: PyNode | undefined) => boolean;
  /** What becomes of this file when it builds larger models out of what classes of other files wrap. */
  readonly composition: (module: PythonModule) => CompositionPlan | undefined;
  /** Whether other files compile what this function of the file returns, and can be made to do it in the scope. */
  readonly compiledElsewhere: (module: PythonModule, name: string) => boolean;
  /** Whether what a call of this file hands a model to only predicts with it. */
  readonly predictedBy: (module: PythonModule, call: PyNode, model: PyNode) => boolean;
  /** Whether other files compile or train a class's attribute of this name, or, with `goingOn`, take it where that may happen. */
  readonly trainedElsewhere: (attribute: string, owner: string | undefined, goingOn: boolean) => boolean;
  /** The classes of other files that extend a class of this name. */
  readonly subclassesOf: (name: string) => readonly Definition[];
  /** Where a callable of this file comes from, through modules of the project that pass it on. */
  readonly originsOf: (module: PythonModule, callee: PyNode) => readonly string[];
  /** The source texts of what a callable of this file may be in other files of the project. */
  readonly definitionsOf: (module: PythonModule, callee: PyNode) => readonly string[];
  /** Whether other files take a name from this one. */
  readonly passedOn: (name: string) => boolean;
  /** Whether the wraps in this function of another file are rewritten. */
  readonly migrates: (module: PythonModule, name: string) => boolean;
}

export const ALONE: FileEnvironment = {
  load: () => undefined,
  unused: () => undefined,
  composedElsewhere: () => undefined,
  composedInScope: () => false,
  composition: () => undefined,
  compiledElsewhere: () => false,
  predictedBy: () => false,
  trainedElsewhere: () => false,
  subclassesOf: () => [],
  originsOf: (module, callee) => module.origins.of(callee),
  definitionsOf: () => [],
  passedOn: () => false,
  migrates: () => false,
};

/** Everything that becomes of `multi_gpu_model` in one file. */
export function planFile(module: PythonModule, environment: FileEnvironment = ALONE): Plan {
  const wrappers = definedWrappers(module);
  const found = findWrapUses(module, (callee) => wrapperOf(module, callee, environment.load)?.signature);
  const inWrapper = (node: PyNode): Wrapper | undefined =>
    wrappers.find(({ definition }) => contains(definition, node));
  const uses: WrapUses = {
    sites: found.sites.filter(({ call }) => inWrapper(call) === undefined),
    unreadable: [...found.unreadable, ...hiddenUses(module), ...passedOnUses(module, environment.load)].filter(
      ({ node }) => inWrapper(node) === undefined,
    ),
  };
  const doomed = (refused: boolean): Wrapper[] =>
    wrappers.filter((wrapper) => (refused ? false : (environment.unused(wrapper) ?? isUsedHere(module, wrapper))));
  const imports = legacyImports(module, environment.load);
  const passedOn = [...new Set(imports.map(({ local }) => local))].some((name) => environment.passedOn(name));
  const callbacks = uses.sites.length === 0 ? [] : callbackEdits(module, environment);
  if (callbacks instanceof Refusal) return allRefused(module, uses, callbacks);
  const optimistic = passedOn
    ? undefined
    : attempt(module, uses, doomed(false), wrappers, environment, true, callbacks);
  if (optimistic?.refused === false) return optimistic.plan;
  if (callbacks.length > 0)
    return allRefused(
      module,
      uses,
      new Refusal(
        RefusalReason.MeaningChanged,
        'a callback looks for the template, and not every wrap of this file can be rewritten',
      ),
      optimistic?.plan.findings,
    );
  const { plan } = attempt(module, uses, doomed(true), wrappers, environment, false, []);
  if (!passedOn) return plan;
  const refusal = new Refusal(RefusalReason.NotCalledDirectly, 'other files take multi_gpu_model from here');
  return {
    ...plan,
    findings: [...plan.findings, ...imports.map(({ statement }) => refusedFinding(module, statement, refusal))],
  };
}

function callbackEdits(module: PythonModule, environment: FileEnvironment): TextEdit[] | Refusal {
  try {
    return templateInCallbacks(module, (callee) => environment.definitionsOf(module, callee));
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** Nothing is rewritten; a place that has a reason of its own keeps it. */
function allRefused(
  module: PythonModule,
  { sites, unreadable }: WrapUses,
  refusal: Refusal,
  known: readonly Finding[] = [],
): Plan {
  const own = [
    ...unreadable.map(({ node, refusal: reason }) => refusedFinding(module, node, reason)),
    ...known.filter(({ disposition }) => disposition === 'refuse'),
  ];
  const rest = sites
    .filter(({ call }) => own.every(({ start }) => start.offset !== call.start))
    .map(({ call }) => refusedFinding(module, call, refusal));
  return { changes: [], findings: [...(known.length > 0 ? own.slice(unreadable.length) : own), ...rest] };
}

function isUsedHere(module: PythonModule, wrapper: Wrapper): boolean {
  const binding = module.scopes.module.bindings.get(wrapper.name);
  return binding !== undefined && binding.reads.some((read) => !contains(wrapper.definition, read));
}

function attempt(
  module: PythonModule,
  uses: WrapUses,
  doomed: readonly Wrapper[],
  wrappers: readonly Wrapper[],
  environment: FileEnvironment,
  importsGo: boolean,
  callbackClasses: readonly TextEdit[],
): { plan: Plan; refused: boolean } {
  const findings: Finding[] = uses.unreadable.map(({ node, refusal }) => refusedFinding(module, node, refusal));
  const edits: TextEdit[] = [];
  const rewritten: Finding[] = [];
  const consequences: Finding[] = [];
  const imports = legacyImports(module, environment.load);
  const vanishing = importsGo ? vanishingImports(module, imports) : new Set<PyNode>();
  const taken = new Set<string>();
  let needsTensorFlow = false;
  let refused = findings.length > 0;
  for (const group of groupsOf(uses.sites)) {
    for (const part of planTogetherOrApart(module, group, vanishing, taken, environment)) {
      if (part.plan instanceof Refusal) {
        refused = true;
        for (const site of part.sites) findings.push(refusedFinding(module, site.call, part.plan));
        continue;
      }
      if (overlaps(edits, part.plan.edits)) {
        refused = true;
        const refusal = new Refusal(RefusalReason.OverlappingEdit, 'this change touches the same lines as another one');
        for (const site of part.sites) findings.push(refusedFinding(module, site.call, refusal));
        continue;
      }
      // A compile that both of two models reach gets the same scope from both.
      edits.push(
        ...part.plan.edits.filter(
          (edit) =>
            !edits.some((known) => known.start === edit.start && known.end === edit.end && known.text === edit.text),
        ),
      );
      needsTensorFlow ||= part.plan.needsTensorFlow;
      for (const site of part.sites)
        rewritten.push(
          finding(
            module,
            site.call,
            'rewrite',
            'multi_gpu_model becomes a strategy whose scope the model is built and compiled in',
          ),
        );
      for (const call of part.plan.weightFiles) {
        consequences.push(finding(module, call, 'report', WEIGHT_FILES));
      }
    }
  }
  for (const wrapper of wrappers) {
    const call =
      wrapper.kind !== 'copy' ? (legacyCallIn(module, wrapper.definition) ?? wrapper.definition) : wrapper.definition;
    if (doomed.includes(wrapper) && !refused) {
      edits.push(removeDefinition(module, wrapper));
      rewritten.push(
        finding(module, call, 'rewrite', `${wrapper.name} goes: what it wrapped is built in the scope of a strategy`),
      );
    } else if (wrapper.kind !== 'copy') {
      refused = true;
      findings.push(
        refusedFinding(
          module,
          call,
          new Refusal(
            RefusalReason.CallersNotInView,
            `not every use of ${wrapper.name} is in view or can be rewritten`,
          ),
        ),
      );
    }
  }
  const imported = importedModels(module, environment.load).filter(({ functions }) =>
    functions.every(({ origin, wrapping }) => environment.migrates(origin, wrapping)),
  );
  if (imported.length > 0) {
    try {
      const { edits: own, compiles } = planImportedCompiles(module, imported);
      if (overlaps(edits, own))
        throw new Refusal(RefusalReason.OverlappingEdit, 'this change touches the same lines as another one');
      edits.push(...own);
      for (const call of compiles)
        rewritten.push(
          finding(
            module,
            call,
            'rewrite',
            'the model is built in the scope of a strategy, so it is compiled there, too',
          ),
        );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused = true;
      for (const { call } of imported) findings.push(refusedFinding(module, call, error));
    }
  }
  const composition = environment.composition(module);
  if (composition !== undefined) {
    edits.push(...composition.edits);
    needsTensorFlow ||= composition.needsTensorFlow;
    for (const { call } of composition.constructions)
      rewritten.push(
        finding(
          module,
          call,
          'rewrite',
          'larger models are built out of this one, so both are built and compiled in the scope of one strategy',
        ),
      );
    for (const call of composition.weightFiles) consequences.push(finding(module, call, 'report', WEIGHT_FILES));
  }
  if (rewritten.length > 0) edits.push(...callbackClasses);
  if (rewritten.length > 0 && !refused) {
    const callbacks = replaceRedirectingCallbacks(module);
    const others = edits.filter(
      (edit) => !callbacks.some((own) => own.start <= edit.start && edit.end <= own.end && edit.start !== own.end),
    );
    if (!overlaps(others, callbacks)) edits.splice(0, edits.length, ...others, ...callbacks);
  }
  const changes: Change[] = [];
  const importsLeft = importsGo && !refused;
  if (rewritten.length > 0 || (importsLeft && imports.length > 0 && uses.sites.length === 0)) {
    const importEdits = editImports(module, importsLeft ? imports : [], needsTensorFlow, edits);
    if (rewritten.length === 0) {
      for (const { statement } of imports)
        rewritten.push(
          finding(
            module,
            statement,
            'rewrite',
            'multi_gpu_model is imported and not used; the import fails on current Keras',
          ),
        );
    }
    changes.push({
      findings: rewritten,
      consequences,
      edits: sorted([...edits, ...importEdits]),
      safety: 'suggestion',
    });
  }
  return { plan: { changes, findings }, refused };
}

/** The lines of a definition, with one of the blank runs around it. */
function removeDefinition(module: PythonModule, { definition }: Wrapper): TextEdit {
  const { source } = module;
  let last = source.lineAt(definition.end) + 1;
  while (
    last < source.lineStarts.length &&
    source.lineText(last).trim() === '' &&
    source.lineStart(last) < source.text.length
  )
    last++;
  return { start: source.lineStart(source.lineAt(definition.start)), end: source.lineStart(last), text: '' };
}

interface Part {
  readonly sites: readonly WrapSite[];
  readonly plan: GroupPlan | Refusal;
}

/** Models of one function share a strategy when they can, for they may train together; else each has its own. */
function planTogetherOrApart(
  module: PythonModule,
  sites: readonly WrapSite[],
  vanishing: ReadonlySet<PyNode>,
  taken: Set<string>,
  environment: FileEnvironment,
): Part[] {
  const [composed, place] = firstComposed(module, sites, environment) ?? [];
  if (
    composed !== undefined &&
    sites.length === 1 &&
    environment.composedInScope(module, enclosingClass(composed.call))
  ) {
    const members = [groupMember(module, composed)];
    return [
      {
        sites,
        plan: refusalOr(() =>
          planGroup(module, members, {
            ...groupEnvironment(module, vanishing, taken, environment),
            inCallersScope: true,
          }),
        ),
      },
    ];
  }
  if (place !== undefined) {
    const detail = `“${place.text}” becomes part of a larger model, or gets another name, in ${place.file}, line ${place.line}, which has to happen in the same scope`;
    return [{ sites, plan: new Refusal(RefusalReason.TemplateUsedSeparately, detail) }];
  }
  const together = tryPlan(module, sites, vanishing, taken, environment);
  if (!(together instanceof Refusal) || sites.length === 1) return [remember({ sites, plan: together }, taken)];
  const apart = sites.map((site) =>
    remember({ sites: [site], plan: tryPlan(module, [site], vanishing, taken, environment) }, taken),
  );
  const ranges = apart.flatMap(({ plan }) => (plan instanceof Refusal || plan.range === undefined ? [] : [plan.range]));
  const interleaved = ranges.some((a, index) =>
    ranges.slice(index + 1).some((b) => a.start < b.end && b.start < a.end),
  );
  return interleaved ? [{ sites, plan: together }] : apart;
}

/** The first wrap whose attribute another file takes for a larger model, and where. */
function firstComposed(
  module: PythonModule,
  sites: readonly WrapSite[],
  environment: FileEnvironment,
): readonly [WrapSite, ComposedPlace] | undefined {
  for (const site of sites) {
    const { target } = site;
    if (target?.type !== 'attribute') continue;
    const owner = enclosingClass(target);
    const name = owner === undefined ? undefined : module.source.textOf(childByField(owner, 'name') ?? owner);
    const place = environment.composedElsewhere(
      module.source.textOf(childByField(target, 'attribute') ?? target),
      name,
    );
    if (place !== undefined) return [site, place];
  }
  return undefined;
}

function remember(part: Part, taken: Set<string>): Part {
  if (!(part.plan instanceof Refusal) && part.plan.strategy !== undefined) taken.add(part.plan.strategy);
  return part;
}

function tryPlan(
  module: PythonModule,
  sites: readonly WrapSite[],
  vanishing: ReadonlySet<PyNode>,
  taken: ReadonlySet<string>,
  environment: FileEnvironment,
): GroupPlan | Refusal {
  const [only] = sites;
  if (only?.form === 'discarded') return dropStatement(module, only);
  const members = sites.map((site) => groupMember(module, site));
  const [alone] = members;
  const own = groupEnvironment(module, vanishing, taken, environment);
  const dropped = alone === undefined || members.length > 1 ? undefined : planDrop(module, alone, own.trainedElsewhere);
  if (dropped !== undefined) return dropped;
  try {
    return planGroup(module, members, own);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return otherwise(module, members, own, environment, error);
  }
}

function refusalOr<T>(plan: () => T): T | Refusal {
  try {
    return plan();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function groupEnvironment(
  module: PythonModule,
  vanishing: ReadonlySet<PyNode>,
  taken: ReadonlySet<string>,
  environment: FileEnvironment,
): GroupEnvironment {
  const nameOf = (definition: PyNode): string => module.source.textOf(childByField(definition, 'name') ?? definition);
  return {
    vanishing,
    taken,
    compiledElsewhere: (definition) => environment.compiledElsewhere(module, nameOf(definition)),
    predictedBy: (call, model) => environment.predictedBy(module, call, model),
    trainedElsewhere: (attribute, owner, goingOn) => environment.trainedElsewhere(attribute, nameOf(owner), goingOn),
    subclassesOf: (owner) => environment.subclassesOf(nameOf(owner)),
    originsOf: (callee) => environment.originsOf(module, callee),
    inCallersScope: false,
    builtByCallers: false,
  };
}

/** What is tried where the plain plan gives up: a model that callers hand in, an attribute that another method builds. */
function otherwise(
  module: PythonModule,
  members: readonly GroupMember[],
  own: GroupEnvironment,
  environment: FileEnvironment,
  refusal: Refusal,
): GroupPlan | Refusal {
  const [member] = members;
  if (member === undefined || members.length > 1) return refusal;
  try {
    if (refusal.reason === RefusalReason.CallersNotInView) {
      return (
        planParameter(
          module,
          member,
          { ...own, compiledElsewhere: () => false, builtByCallers: true },
          environment.passedOn,
        ) ?? refusal
      );
    }
    return refusal.reason === RefusalReason.ModelNotInView ? (planAttribute(module, member, own) ?? refusal) : refusal;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

function groupsOf(sites: readonly WrapSite[]): WrapSite[][] {
  const groups = new Map<PyNode | undefined, WrapSite[]>();
  for (const site of sites) {
    const owner = site.form === 'discarded' ? site.call : enclosingFunction(site.call);
    const group = groups.get(owner);
    if (group === undefined) groups.set(owner, [site]);
    else group.push(site);
  }
  return [...groups.values()];
}

function overlaps(a: readonly TextEdit[], b: readonly TextEdit[]): boolean {
  return a.some((x) => b.some((y) => x.start < y.end && y.start < x.end));
}

function sorted(edits: readonly TextEdit[]): TextEdit[] {
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
}

function refusedFinding(module: PythonModule, node: PyNode, refusal: Refusal): Finding {
  return { ...finding(module, node, 'refuse', refusal.detail), reason: refusal.reason };
}

function finding(module: PythonModule, node: PyNode, disposition: Finding['disposition'], message: string): Finding {
  const { source } = module;
  return {
    migration: MIGRATION,
    api: API,
    message,
    disposition,
    start: source.position(node.start),
    end: source.position(node.end),
  };
}
