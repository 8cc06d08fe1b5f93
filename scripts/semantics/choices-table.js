/**
 * What a random program chooses: for each choice its options, of which the first is the simplest. A program is a plain
 * record of these. Data only.
 */

export const CHOICES = {
  /** How the program imports Keras. */
  keras: ['tensorflow.keras', 'keras', 'tf.keras', 'from-tensorflow'],
  /** Which Keras `tensorflow.keras` is: Keras 3, or Keras 2 (tf_keras). */
  version: ['3', '2'],
  /** How it imports `multi_gpu_model`. */
  importForm: [
    'from',
    'alias',
    'module',
    'attribute',
    'training-utils',
    'try-other-module',
    'try-none',
    'late',
    'local',
    'private',
    'private-contrib',
    'several',
    'guarded',
  ],
  /** How it names the number of GPUs. */
  count: [
    'literal',
    'list',
    'constant',
    'constant-list',
    'length',
    'argparse',
    'omitted',
    'environment',
    'class-attribute',
    'dictionary',
    'after-build',
    'keyword-none',
    'parameter',
  ],
  /** What contains the flow of the program. */
  container: ['script', 'main', 'guard', 'class'],
  /** What the flow is nested in. */
  around: ['none', 'if', 'loop', 'with', 'try'],
  /** Which parts have a function or method of their own. */
  buildFunction: ['no', 'function', 'module', 'default-argument', 'constructor'],
  wrapFunction: ['no', 'function', 'condition-inside', 'called-under-condition'],
  compileFunction: ['no', 'function'],
  trainFunction: ['no', 'function'],
  /** How the layers are put together. */
  layers: ['list', 'add', 'functional', 'parts', 'two-inputs'],
  /** What else the building code does. */
  building: ['nothing', 'clear-session', 'set-weights', 'load-weights', 'summary', 'seed', 'local-tensorflow'],
  device: ['none', 'cpu-build', 'cpu-condition', 'cpu-build-and-print'],
  /** How the model is wrapped. */
  wrap: [
    'new-name',
    'same-name',
    'branch',
    'branch-else',
    'conditional-expression',
    'branch-same-name',
    'try',
    'not-none',
  ],
  argument: ['keyword', 'positional', 'cpu-merge'],
  optimizer: [
    'string',
    'call',
    'lr',
    'variable-above',
    'variable-between',
    'function',
    'schedule-variable',
    'condition',
  ],
  loss: ['string', 'object', 'variable', 'function', 'sum-function', 'mean-function'],
  metrics: ['none', 'string', 'object', 'list-variable', 'object-in-variable'],
  compileForm: ['keywords', 'positional', 'spread-dictionary', 'option-dictionary'],
  /** Whether and when the template is compiled as well. */
  templateCompile: ['no', 'before-same', 'before-other', 'after-same'],
  weights: ['none', 'set-after-wrap', 'set-after-compile', 'load-after-compile', 'copy-to-wrapper'],
  callbacks: [
    'none',
    'scheduler',
    'lambda',
    'warm-up',
    'warm-up-lr',
    'keeps-template',
    'finds-template',
    'checkpoint',
    'checkpoint-subclass',
    'checkpoint-subclass-signature',
    'predicts',
    'history-of-own',
  ],
  training: [
    'fit',
    'validation',
    'generator',
    'generator-division',
    'generator-positional',
    'train-on-batch',
    'twice',
    'class-weight',
    'ragged',
    'options',
  ],
  after: ['nothing', 'predict', 'evaluate', 'save', 'template-predict', 'reload'],
  /** Another model of the same program. */
  second: ['none', 'plain', 'wrapped', 'composed', 'frozen', 'plain-between'],
  /** Statements that have nothing to do with the model. */
  noise: ['none', 'prints', 'configuration-between', 'comments', 'configuration-above', 'computation'],
  indentation: ['spaces', 'two', 'tab', 'tab-in-functions'],
};

/** @typedef {{ [name in keyof typeof CHOICES]: string }} Choices One option for each choice. */

/** The probability of any option but the first. Most of a program is plain, so that much of it can be migrated. */
export const VARIETY = {
  keras: 0.75,
  version: 0.4,
  importForm: 0.5,
  count: 0.7,
  container: 0.6,
  around: 0.2,
  buildFunction: 0.45,
  wrapFunction: 0.25,
  compileFunction: 0.2,
  trainFunction: 0.25,
  layers: 0.6,
  building: 0.25,
  device: 0.3,
  wrap: 0.6,
  argument: 0.5,
  optimizer: 0.7,
  loss: 0.4,
  metrics: 0.4,
  compileForm: 0.4,
  templateCompile: 0.12,
  weights: 0.25,
  callbacks: 0.4,
  training: 0.5,
  after: 0.4,
  second: 0.15,
  noise: 0.5,
  indentation: 0.35,
};
