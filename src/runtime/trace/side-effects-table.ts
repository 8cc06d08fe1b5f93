/** The ops that a program runs for what they do, and not only for their results. Data only. */

/** No pass may remove, merge or reorder these. */
export const SIDE_EFFECT_OPS: ReadonlySet<string> = new Set([
  'CollectiveReduceV2',
  'CollectiveGatherV2',
  'CollectiveAllToAllV2',
  'CollectiveReduceV3',
  'CollectiveBcastSendV2',
  'CollectiveBcastRecvV2',
  'InplaceUpdate',
  'PrintV2',
  'Assert',
  'WriteSummary',
]);
