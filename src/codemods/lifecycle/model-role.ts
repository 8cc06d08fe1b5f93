/** What a member of a model is for. Each language has one table from its members to these roles. Pure. */

/** The role of a method or attribute of a model. */
export type ModelRole =
  /** Adds layers or creates variables. */
  | 'builds'
  | 'compiles'
  | 'trains'
  /** Runs the compiled model without training it. */
  | 'evaluates'
  | 'predicts'
  /** Predicts one batch: its result depends on the number of replicas. */
  | 'predicts-one-batch'
  | 'saves'
  | 'loads-weights'
  | 'sets-weights'
  /** Returns plain data about the model. */
  | 'inspects'
  /** Changes a flag that layers share. */
  | 'sets-flag'
  /** Symbolic inputs and outputs, from which a larger model can be built. */
  | 'holds-tensors'
  /** The layers, which differ between the original and the multi-GPU model. */
  | 'holds-layers'
  /** The variables, which a custom training loop trains. */
  | 'holds-variables';

/** The roles of the members of a model in one language. */
export type ModelVocabulary = ReadonlyMap<string, ModelRole>;

/** The members that have one of the roles. */
export function membersFor(vocabulary: ModelVocabulary, ...roles: readonly ModelRole[]): ReadonlySet<string> {
  return new Set([...vocabulary].filter(([, role]) => roles.includes(role)).map(([member]) => member));
}
