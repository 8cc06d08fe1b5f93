/** Lowerings of what replicas do together. Pure. */
import type { Lowering, Lowerings } from './lowering.js';

/** Adds up a value over all replicas of the program. */
const allReduce: Lowering = (call) => {
  const { builder, group } = call;
  const x = call.input(0);
  if (group.replicas === 1) return x;
  const members = Array.from({ length: group.replicas }, (_, replica) => String(replica)).join(', ');
  const groups = `replica_groups = dense<[[${members}]]> : tensor<1x${String(group.replicas)}xi64>`;
  const region = builder.reducerRegion('add', x.dtype);
  return builder.emit(`"stablehlo.all_reduce"(${x.name}) ${region} {${groups}}`, [x], x);
};

export const COLLECTIVE_LOWERINGS: Lowerings = {
  CollectiveReduceV2: allReduce,
};
