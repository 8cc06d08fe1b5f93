/** Whether the device scopes in which models are built may go: only where the wraps that go are all that needed them. */
import type { PythonModule } from '../../analysis/module.js';

import { RefusalReason } from '../../../refusal-reason.js';
import { mentionsOf, reachingDefinitions } from '../../analysis/variables.js';
import { childByField, closest, contains, descendants, type PyNode } from '../../syntax/node.js';
import { deviceOf } from '../model/flatten.js';
import { functionBody, type GroupAnalysis } from '../model/group-analysis.js';
import { Refusal } from '../refusal.js';
import { leavesForGood } from '../write/place-compiles.js';

/**
 * @param dissolves Whether a device scope goes that holds this statement.
 * @throws Refusal when another arm beside a wrap hands the model that was built under a device to a function, which may be another way
 *     to train in parallel.
 */
export function checkDeviceScopes(
  module: PythonModule,
  { members, block }: GroupAnalysis,
  dissolves: (statement: PyNode) => boolean,
): void {
  const devices = [...descendants(block)].filter(
    (node) => node.type === 'with_statement' && deviceOf(module, node) !== undefined && dissolves(node),
  );
  for (const { site, template } of members) {
    if (template === undefined) continue;
    const inDevice = (node: PyNode): boolean => devices.some((device) => contains(device, node));
    const mentions = mentionsOf(module, template, functionBody(module, site.statement));
    if (!mentions.some((mention) => inDevice(mention) && mention.start < site.call.start)) continue;
    const others = mentions.filter(
      (mention) => !inDevice(mention) && members.every((member) => !contains(member.site.statement, mention)),
    );
    if (
      others.some(
        (mention) =>
          isBeside(mention, site.call) &&
          reachingDefinitions(module, template, mention).some(inDevice) &&
          isHandedOn(module, mention),
      )
    ) {
      throw new Refusal(
        RefusalReason.TemplateUsedSeparately,
        `“${template.text}” is built under a device that another use of it beside this one needs as well`,
      );
    }
  }
}

/** Whether a node stands in another arm of an `if` than the wrap. */
function isBeside(node: PyNode, wrap: PyNode): boolean {
  const arm = closest(
    node,
    ({ type, parent }) =>
      type === 'block' &&
      /^(if_statement|else_clause|elif_clause)$/.test(parent?.type ?? '') &&
      closest(parent, (branch) => branch.type === 'if_statement' && contains(branch, wrap)) !== undefined,
  );
  const branch = arm === undefined ? undefined : closest(arm.parent, (candidate) => candidate.type === 'if_statement');
  return arm !== undefined && branch !== undefined && !contains(arm, wrap) && contains(branch, wrap);
}

function isHandedOn(module: PythonModule, mention: PyNode): boolean {
  const list = mention.parent?.type === 'keyword_argument' ? mention.parent.parent : mention.parent;
  const call = list?.type === 'argument_list' ? closest(list, (node) => node.type === 'call') : undefined;
  return call !== undefined && childByField(call, 'function') !== undefined && leavesForGood(module, call);
}
