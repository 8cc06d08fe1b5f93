/** Checks that the device scopes around the building of a model can be removed with the wraps. Pure. */
import type { Refusal } from '../../../refusal.js';
import type { PythonModule } from '../../analysis/module.js';
import type { Lifecycle } from '../model/lifecycle.js';

import { mentionsOf, reachingDefinitions } from '../../analysis/variables.js';
import { refusalAt } from '../../refusal-at.js';
import { REFUSALS } from '../../refusal-messages-table.js';
import { childByField, closest, contains, descendants, type PyNode } from '../../syntax/node.js';
import { deviceOf } from '../model/flatten-device-scopes.js';
import { isInOtherArm } from '../model/other-arms.js';
import { passesModelOn } from '../model/passing-on.js';
import { functionOrModule, isAboutGroup } from '../model/wrap-group.js';

/**
 * Refuses when another branch passes the model, built under a device, to a function: that function may train in
 * parallel in its own way, and need the device.
 */
export function checkDeviceScopes({ module, group }: Lifecycle): Refusal | undefined {
  const { wraps, block } = group;
  const devices = [...descendants(block)].filter(
    (node) => node.type === 'with_statement' && deviceOf(module, node) !== undefined && isAboutGroup(group, node),
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

function isPassedOn(module: PythonModule, mention: PyNode): boolean {
  const list = mention.parent?.type === 'keyword_argument' ? mention.parent.parent : mention.parent;
  const call = list?.type === 'argument_list' ? closest(list, (node) => node.type === 'call') : undefined;
  return call !== undefined && childByField(call, 'function') !== undefined && passesModelOn(module, call);
}
