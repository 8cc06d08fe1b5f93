/**
 * Looks at what the code does with the two models after the wrap: what has to be rewritten because the
 * wrapped model had other layers, and what cannot be kept because the two were used as different things.
 */
import type { TextEdit } from '../../../result.js';
import type { PythonModule } from '../../analysis/module.js';
import type { GroupMember } from '../model/wrap-group.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { assignmentOf, callArguments, enclosingClass, isLoop, statementOf } from '../../analysis/statements.js';
import { definitionsReaching, isVariable, mentionsOf, sameVariable, type Variable } from '../../analysis/variables.js';
import { childByField, closest, contains, descendants, namedChildren, type PyNode } from '../../syntax/node.js';
import { EXPECTS_WRAPPED_MODEL } from '../callbacks/redirecting-callbacks.js';
import { functionBody, type GroupAnalysis } from '../model/group-analysis.js';
import { followModel, type ModelPlace, returnedTo } from '../model/model-flow.js';
import { methodCalls } from '../model/model-slice.js';
import { Refusal } from '../refusal.js';

/** What follows from the uses. */
export interface ModelUses {
  readonly edits: readonly TextEdit[];
  /** Calls that read weights in the layout of the wrapped model. */
  readonly weightFiles: readonly PyNode[];
}

/**
 * @param replaced What takes the place of a callback that takes the template out of the wrapped model, where that is known.
 * @throws Refusal when the template and the wrapped model cannot become one.
 */
export function checkModelUses(
  module: PythonModule,
  analysis: GroupAnalysis,
  body: PyNode,
  replaced: (callback: PyNode) => TextEdit | undefined,
): ModelUses {
  const edits: TextEdit[] = replaceCallbacks(module, body, replaced);
  const weightFiles: PyNode[] = [];
  checkPredictions(module, analysis, body);
  for (const member of analysis.members) {
    checkCompiles(module, member, body);
    checkCompilesOfAttributes(module, member, body);
    checkNotKept(module, member, body);
    const { parallel, template, site } = member;
    if (parallel !== undefined) {
      const later = mentionsOf(module, parallel, body).filter(
        (mention) => mention.start >= site.statement.end && mayBeWrapped(module, parallel, mention, site.statement),
      );
      const found = usesOf(module, later, template?.text ?? parallel.text);
      edits.push(...found.edits);
      weightFiles.push(...found.weightFiles);
    }
    if (parallel !== undefined) checkOutsideUses(module, parallel);
    for (const place of placesElsewhere(module, member, body)) {
      const mayBeAnother = place.variable.root.writes.some(
        (write) => write.kind === 'parameter' && !place.variable.text.includes('.'),
      );
      const ambiguous = mayBeAnother || (place.variable.text.includes('.') && sameText(place.variable, template));
      edits.push(
        ...usesOf(module, mentionsOf(module, place.variable, place.body), ambiguous ? undefined : place.variable.text)
          .edits,
      );
    }
  }
  return { edits, weightFiles };
}

/** What the class does with an attribute that holds the wrapped model beside another that holds the template. */
export function checkAttributeUses(module: PythonModule, member: GroupMember): ModelUses {
  const { parallel, template, site } = member;
  if (parallel === undefined || template === undefined) return { edits: [], weightFiles: [] };
  checkOutsideUses(module, parallel);
  const body = functionBody(module, site.statement);
  const places = [{ variable: parallel, body }, ...placesElsewhere(module, member, body)];
  const found = places.map((place) =>
    usesOf(
      module,
      mentionsOf(module, place.variable, place.body),
      place.variable.text.includes('.') ? place.variable.text : undefined,
    ),
  );
  return { edits: found.flatMap(({ edits }) => edits), weightFiles: found.flatMap(({ weightFiles }) => weightFiles) };
}

/**
 * A model of another file, whose template has no name here.
 *
 * @throws Refusal when something looks for the layers of the wrapped model.
 */
export function checkLayerUses(module: PythonModule, { variable, body }: ModelPlace): void {
  usesOf(module, mentionsOf(module, variable, body), undefined);
}

/** `trainer.parallel_model.layers[-2]` outside the class, whatever `trainer` is. */
function checkOutsideUses(module: PythonModule, parallel: Variable): void {
  const { source } = module;
  if (!parallel.text.startsWith('self.')) return;
  for (const node of module.identifiersNamed(parallel.text.slice('self.'.length))) {
    const holder = node.field === 'attribute' && node.parent?.type === 'attribute' ? node.parent : undefined;
    if (holder === undefined || holder.parent?.type !== 'attribute' || source.textOf(holder) === parallel.text)
      continue;
    if (
      /^(layers\s*\[\s*-|get_layer\b)/.test(
        source.text.slice(childByField(holder.parent, 'attribute')?.start ?? holder.end),
      )
    ) {
      throw new Refusal(RefusalReason.MeaningChanged, 'the layers of the wrapped model are not those of the plain one');
    }
  }
}

/** What mentions of the wrapped model do with it; `template` is what its one inner model is called, when there is just that. */
function usesOf(
  module: PythonModule,
  mentions: readonly PyNode[],
  template: string | undefined,
): { edits: TextEdit[]; weightFiles: PyNode[] } {
  const edits: TextEdit[] = [];
  const weightFiles: PyNode[] = [];
  for (const mention of mentions) {
    if (mention.field !== 'object' || mention.parent?.type !== 'attribute') continue;
    const name = childByField(mention.parent, 'attribute');
    const use = name === undefined ? '' : module.source.textOf(name);
    if (use === 'layers') edits.push(...layersUse(module, template, mention.parent));
    else if (use === 'get_layer') {
      throw new Refusal(
        RefusalReason.MeaningChanged,
        'get_layer on the wrapped model finds other layers than on the plain one',
      );
    } else if (use === 'predict_on_batch') {
      throw copiesPredictions();
    } else if (use === 'load_weights' && mention.parent.parent?.type === 'call')
      weightFiles.push(mention.parent.parent);
  }
  return { edits, weightFiles };
}

function copiesPredictions(): Refusal {
  return new Refusal(
    RefusalReason.MeaningChanged,
    'predict_on_batch of Keras 3 gives one copy of the predictions for each replica; use predict',
  );
}

/** The template, and models of the same layers, predict on one device before, and with all replicas once they are built in the scope. */
function checkPredictions(module: PythonModule, { members, models, relatives }: GroupAnalysis, body: PyNode): void {
  const predicting = methodCalls(module, [...models, ...relatives], body, new Set(['predict_on_batch']));
  if (predicting.some((call) => members.some(({ site }) => !inOtherArm(call, site.statement))))
    throw copiesPredictions();
}

/** Not where the name was given another model since, as in the arm beside the wrap that builds for one device. */
function mayBeWrapped(module: PythonModule, parallel: Variable, mention: PyNode, wrap: PyNode): boolean {
  const { statements, complete } = definitionsReaching(module, parallel, mention);
  if (!complete || statements.includes(wrap)) return true;
  const loop = closest(mention, (node) => isLoop(node) && contains(node, wrap));
  return loop !== undefined && !statements.every((statement) => contains(loop, statement));
}

/** Where the wrapped model goes from its function: into helpers, other methods, callers of this file. */
function placesElsewhere(module: PythonModule, { site, parallel }: GroupMember, body: PyNode): ModelPlace[] {
  const starts = parallel === undefined ? [] : [{ variable: parallel, body }];
  if (site.form === 'returned') starts.push(...returnedTo(module, site.statement, undefined, []));
  return followModel(module, starts, site.statement.end).places.filter((place) => place.body !== body);
}

function sameText(a: Variable, b: Variable | undefined): boolean {
  return a.text === b?.text;
}

/** A callback class from elsewhere that is named after the wrapped model takes the template out of it. */
function replaceCallbacks(
  module: PythonModule,
  body: PyNode,
  replaced: (callback: PyNode) => TextEdit | undefined,
): TextEdit[] {
  const edits: TextEdit[] = [];
  for (const node of descendants(body)) {
    const callee = node.type === 'call' ? childByField(node, 'function') : undefined;
    if (callee === undefined || !EXPECTS_WRAPPED_MODEL.test(module.source.textOf(callee))) continue;
    if (module.origins.of(callee).length === 0) continue;
    const edit = replaced(node);
    if (edit === undefined)
      throw new Refusal(
        RefusalReason.MeaningChanged,
        `${module.source.textOf(callee)} is not in view and, by its name, expects the wrapped model`,
      );
    edits.push(edit);
  }
  return edits;
}

/** `parallel.layers[-2]` was the template; other indexing meant the layers of the wrapped model. */
function layersUse(module: PythonModule, template: string | undefined, layers: PyNode): TextEdit[] {
  const { source } = module;
  const subscript = layers.parent?.type === 'subscript' && layers.field === 'value' ? layers.parent : undefined;
  if (changesAllAlike(module, layers)) return [];
  if (subscript !== undefined) {
    const index = childByField(subscript, 'subscript');
    if (template !== undefined && index !== undefined && source.textOf(index).replaceAll(/\s/g, '') === '-2') {
      return [{ start: subscript.start, end: subscript.end, text: template }];
    }
    throw new Refusal(RefusalReason.MeaningChanged, 'the layers of the wrapped model are not those of the plain one');
  }
  const loop = layers.parent;
  if (loop?.type === 'for_statement' && layers.field === 'right' && setsOnlyTrainable(module, loop)) return [];
  if (
    closest(
      layers,
      (node) => node.type === 'call' && /^(len|print)$/.test(source.textOf(childByField(node, 'function') ?? node)),
    ) !== undefined
  )
    return [];
  throw new Refusal(RefusalReason.MeaningChanged, 'the layers of the wrapped model are not those of the plain one');
}

/** `for i in range(len(m.layers)): m.layers[i].trainable = True`, or with `enumerate`: what it says of all layers holds for the inner ones. */
function changesAllAlike(module: PythonModule, layers: PyNode): boolean {
  const { source } = module;
  const loop = closest(layers, (node) => node.type === 'for_statement');
  const body = loop === undefined ? undefined : childByField(loop, 'body');
  if (loop === undefined || body === undefined) return false;
  const text = source.textOf(layers);
  const range = source.textOf(childByField(loop, 'right') ?? loop).replaceAll(/\s/g, '');
  const index = /^\w+/.exec(source.textOf(childByField(loop, 'left') ?? loop))?.[0] ?? '';
  if (range !== `range(len(${text}))` && range !== `enumerate(${text})`) return false;
  return namedChildren(body).every((statement) => {
    const [place, ...value] = source.textOf(statement).split('=');
    return place?.trim() === `${text}[${index}].trainable` && /^\s*(True|False)\s*$/.test(value.join('='));
  });
}

function setsOnlyTrainable(module: PythonModule, loop: PyNode): boolean {
  const body = childByField(loop, 'body');
  return (
    body !== undefined &&
    namedChildren(body).every((statement) =>
      /^\w+\.trainable\s*=\s*(True|False)$/.test(module.source.textOf(statement)),
    )
  );
}

/** `parallel.single = model`: the one model would be an attribute of itself, which Keras follows for ever. */
function checkNotKept(module: PythonModule, { template, parallel }: GroupMember, body: PyNode): void {
  if (template === undefined || parallel === undefined) return;
  const isKept = mentionsOf(module, parallel, body).some((mention) => {
    const statement = statementOf(mention);
    const { left, right } = assignmentOf(statement) ?? {};
    if (right !== undefined && left === mention.parent && left?.type === 'attribute' && mention.field === 'object')
      return isModel(module, right, [template, parallel]);
    const call = closest(mention, (node) => node.type === 'call');
    const callee = call === undefined ? undefined : childByField(call, 'function');
    if (call === undefined || callee === undefined || !/(^setattr|\.__setattr__)$/.test(module.source.textOf(callee)))
      return false;
    const value = callArguments(module.source, call).positional.at(-1);
    return (
      value !== undefined &&
      isModel(module, value, [template, parallel]) &&
      (contains(callee, mention) || callArguments(module.source, call).positional[0] === mention)
    );
  });
  if (isKept)
    throw new Refusal(
      RefusalReason.TemplateUsedSeparately,
      'the template is kept as an attribute of the wrapped model',
    );
}

function isModel(module: PythonModule, node: PyNode, models: readonly Variable[]): boolean {
  return models.some((model) => isVariable(module, node, model));
}

/** Two compiles are one when they say the same; else the later one would replace the other. */
function checkCompiles(module: PythonModule, { template, parallel }: GroupMember, body: PyNode): void {
  if (template === undefined || parallel === undefined || sameVariable(template, parallel)) return;
  const compiles = (variable: typeof template): PyNode[] => methodCalls(module, [variable], body, new Set(['compile']));
  const [ofTemplate, ofParallel] = [compiles(template), compiles(parallel)];
  const lastOfParallel = ofParallel.at(-1);
  if (lastOfParallel === undefined) return;
  const differing = ofTemplate.filter((call) => signature(module, call) !== signature(module, lastOfParallel));
  if (differing.length === 0) return;
  const used = methodCalls(
    module,
    [template],
    body,
    new Set(['fit', 'fit_generator', 'train_on_batch', 'evaluate', 'evaluate_generator', 'test_on_batch']),
  );
  const later = differing.some((call) => call.start > lastOfParallel.start && !inOtherArm(call, lastOfParallel));
  if (
    used.some((call) => differing.some((compile) => !inOtherArm(compile, call) && compile.start < call.start)) ||
    later
  ) {
    throw new Refusal(
      RefusalReason.TemplateUsedSeparately,
      'the template and the wrapped model are compiled differently and both used',
    );
  }
}

/** The same for two attributes, of which another method compiles the template. */
function checkCompilesOfAttributes(module: PythonModule, { template, parallel }: GroupMember, body: PyNode): void {
  const owner = enclosingClass(body);
  if (
    owner === undefined ||
    template?.text.startsWith('self.') !== true ||
    parallel?.text.startsWith('self.') !== true ||
    template.text === parallel.text
  )
    return;
  const calls = [...descendants(owner)].filter((node) => node.type === 'call');
  const compilesOf = (text: string): PyNode[] =>
    calls.filter(
      (call) =>
        module.source.textOf(childByField(call, 'function') ?? call).replaceAll(/\s/g, '') === `${text}.compile`,
    );
  const known = new Set(compilesOf(parallel.text).map((call) => signature(module, call)));
  const differing = compilesOf(template.text).some(
    (call) => functionBody(module, call) !== body && !known.has(signature(module, call)),
  );
  if (known.size > 0 && differing)
    throw new Refusal(
      RefusalReason.TemplateUsedSeparately,
      'the template is compiled in another method, and differently from the wrapped model',
    );
}

function inOtherArm(a: PyNode, b: PyNode): boolean {
  const arm = closest(
    a.parent,
    (node) => node.type === 'block' && /^(if_statement|else_clause|elif_clause)$/.test(node.parent?.type ?? ''),
  );
  if (arm === undefined || (arm.start <= b.start && b.end <= arm.end)) return false;
  const branch = closest(arm.parent, (node) => node.type === 'if_statement');
  return branch !== undefined && branch.start <= b.start && b.end <= branch.end;
}

function signature(module: PythonModule, call: PyNode): string {
  const { positional, keywords } = callArguments(module.source, call);
  const text = (node: PyNode): string => module.source.textOf(node).replaceAll(/\s+/g, ' ');
  return [...positional.map(text), ...[...keywords].map(([name, value]) => `${name}=${text(value)}`).sort()].join(', ');
}
