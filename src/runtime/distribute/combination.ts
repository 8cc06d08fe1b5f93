/** Names the ways in which the replicas' tensors become one. Data only. */

/** How the replicas' tensors become one. */
export enum Combination {
  /** Adds them. */
  Sum = 'sum',
  /** Takes their arithmetic mean. */
  Mean = 'mean',
  /** Takes those of replica 0. */
  First = 'first',
  /** They are equal on every replica already. If they are not, takes their mean. */
  Equal = 'equal',
}
