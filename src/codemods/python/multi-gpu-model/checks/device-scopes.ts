/** Checks that the device scopes around the building of a model can be removed with the wraps. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { WrapGroup } from '../model/wrap-group.js';

import { mentionsOf, reachingDefinitions } from '../../analysis/variables.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, contains, descendants, type PyNode } from '../../syntax/node.js';
import { deviceOf } from '../model/flatten-device-scopes.js';
import { passesModelOn } from '../model/passing-on.js';
import { functionOrModule } from '../model/wrap-group.js';

/**
 * Refuses when another branch passes the model, built under a device, to a function: that function may train in
 * parallel in its own way, and need the device.
 *
 * @param module - The file.
 * @param group - The wraps.
 * @param removesDevice - Whether the plan removes a device scope.
 * @returns The refusal, if there is one.
 */
export function checkDeviceScopes(
  module: PythonModule,
  { wraps, block }: WrapGroup,
  removesDevice: (statement: PyNode) => boolean,
): Refusal | undefined {
  const devices = [...descendants(block)].filter(
    (node) => node.type === 'with_statement' && deviceOf(module, node) !== undefined && removesDevice(node),
  );
  const inDevice = (node: PyNode): boolean => devices.some((device) => contains(device, node));
  for (const { site, template } of wraps) {
    if (template === undefined) continue;
    const mentions = mentionsOf(module, template, functionOrModule(module, site.statement));
    if (!mentions.some((mention) => inDevice(mention) && mention.start < site.call.start)) continue;
    const needsDevice = mentions.find(
      (mention) =>
        !inDevice(mention) &&
        wraps.every((wrap) => !contains(wrap.site.statement, mention)) &&
        isInOtherArm(mention, site.call) &&
        reachingDefinitions(module, template, mention).some(inDevice) &&
        isPassedOn(module, mention),
    );
    if (needsDevice !== undefined) return refusalAt(module, REFUSALS.deviceUsedBesideWrap(template.text), needsDevice);
  }
  return undefined;
}

/** Whether a node is in another arm of an `if` than the wrap. */
function isInOtherArm(node: PyNode, wrap: PyNode): boolean {
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

function isPassedOn(module: PythonModule, mention: PyNode): boolean {
  const list = mention.parent?.type === 'keyword_argument' ? mention.parent.parent : mention.parent;
  const call = list?.type === 'argument_list' ? closest(list, (node) => node.type === 'call') : undefined;
  return call !== undefined && childByField(call, 'function') !== undefined && passesModelOn(module, call);
}
