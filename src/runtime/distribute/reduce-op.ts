/** How values of several replicas become one. Data only. */

/** The way a value is combined over replicas, as `tf.distribute.ReduceOp`. */
export enum ReduceOp {
  /** Add the values. */
  SUM = 'SUM',
  /** Take their arithmetic mean. */
  MEAN = 'MEAN',
}
