/** The Python migrations that act on catalogue entries alone, in the order in which they run. Data only. */

export const PYTHON_API_MIGRATIONS = [
  {
    name: 'contrib-distribute',
    description: 'Moves tf.contrib.distribute to tf.distribute where the arguments mean the same.',
  },
  {
    name: 'experimental-strategies',
    description: 'Moves strategies out of tf.distribute.experimental where the arguments mean the same.',
  },
  {
    name: 'experimental-run',
    description: 'Renames methods of strategies that lost their experimental prefix, such as experimental_run_v2.',
  },
  {
    name: 'fit-generator',
    description: 'Replaces fit_generator, evaluate_generator and predict_generator by fit, evaluate and predict.',
  },
  {
    name: 'learning-rate',
    description: 'Renames lr= of Keras optimizers, and optimizer.lr, to learning_rate.',
  },
] as const;

/** A migration whose whole behaviour is in its catalogue entries. */
export type PythonApiMigration = (typeof PYTHON_API_MIGRATIONS)[number]['name'];
