/** Versions with which a strategy of `tf.distribute` is known to fail. Data only. */

/** The APIs that migrations write, by their names in TensorFlow's documentation. */
export type WrittenApi =
  | 'tf.distribute.MirroredStrategy'
  | 'tf.distribute.MultiWorkerMirroredStrategy'
  | 'tf.distribute.TPUStrategy'
  | 'Strategy.run';

/** One range of versions of a package in which an API does not work correctly. */
export interface FailingVersions {
  readonly api: WrittenApi;
  /** From TensorFlow 2.16 on, `tf.keras` is standalone Keras. */
  readonly package: 'keras' | 'tensorflow';
  /** The first version that fails. */
  readonly from: string;
  /** The first version that works again; `null` when none is known. */
  readonly below: string | null;
  /** What happens: a sentence without versions and without a full stop. */
  readonly fails: string;
  /** What to do about it. */
  readonly remedy: string;
  readonly note: string;
  readonly source: string;
}

const MEASURED =
  'TensorFlow 2.21, two logical CPU devices, SGD, weights after 8 steps compared with those of one device';

const LEGACY_KERAS = 'train with legacy Keras (`pip install tf_keras`, and TF_USE_LEGACY_KERAS=1 in the environment)';

export const FAILING_STRATEGY_VERSIONS: readonly FailingVersions[] = [
  {
    api: 'tf.distribute.MirroredStrategy',
    package: 'keras',
    from: '3.0',
    below: '3.5',
    fails: 'under MirroredStrategy the replicas never exchange gradients: each trains apart on its share of the data',
    remedy: 'ask for keras>=3.10',
    note: `Variables are created without aggregation. Measured (${MEASURED}): with 3.0.5 and 3.4.1 the two copies of a kernel differ after training; with 3.1.1, 3.2.1 and 3.3.3 the weights are not those of one device.`,
    source: 'experiment; keras#20568, comment on commit 28d39c0cc7',
  },
  {
    api: 'tf.distribute.MirroredStrategy',
    package: 'keras',
    from: '3.5',
    below: '3.8',
    fails:
      'under MirroredStrategy the gradients of the replicas are added up and not averaged, as if the learning rate were multiplied by their number',
    remedy: 'ask for keras>=3.10',
    note: `Measured (${MEASURED}): with 3.5.0 and 3.7.0 the weights are those of one device with twice the learning rate; 3.6.0 gives the same weights as they do.`,
    source: 'experiment',
  },
  {
    api: 'tf.distribute.MirroredStrategy',
    package: 'keras',
    from: '3.8',
    below: '3.10',
    fails: 'under MirroredStrategy loss and metrics are reported wrong, on GPUs as NaN',
    remedy: 'ask for keras>=3.10',
    note: `Measured with 3.8.0, 3.9.0 and 3.9.2 (${MEASURED}): the weights are right, the loss that fit and evaluate return is not. 3.10.0, 3.11.3 and 3.15.1 give what one device gives. NaN was reported on GPUs and not seen on CPU devices.`,
    source: 'experiment; keras#21061, keras#21172, tensorflow#87432',
  },
  {
    api: 'tf.distribute.MultiWorkerMirroredStrategy',
    package: 'keras',
    from: '3.0',
    below: null,
    fails:
      'fit fails under MultiWorkerMirroredStrategy with more than one worker: a PerReplica value cannot be converted to a Tensor',
    remedy: LEGACY_KERAS,
    note:
      'Measured with TensorFlow 2.21 and two processes on the loopback interface with TF_CONFIG: fit and evaluate raise ValueError with 3.3.3, 3.4.1, 3.5.0, 3.6.0, 3.7.0, 3.8.0, 3.9.2, 3.10.0, 3.12.0 and 3.15.1 (before 3.5 “Invalid reduction dimension”, later “Attempt to convert a value (PerReplica…”); ' +
      'with 3.0.5 they run, and each worker trains apart. tf_keras 2.21 trains. One worker alone trains with 3.15.1.',
    source: 'experiment; keras#20585, keras#20329, tensorflow#72388',
  },
  {
    api: 'tf.distribute.MirroredStrategy',
    package: 'tensorflow',
    from: '0',
    below: '1.13',
    fails: 'MirroredStrategy is in tf.contrib.distribute',
    remedy: 'ask for tensorflow>=2.4',
    note: 'tf.distribute.MirroredStrategy is in the v1 API of 1.13.1. Earlier releases were not looked at.',
    source: 'tensorflow wheel 1.13.1',
  },
  {
    api: 'tf.distribute.MultiWorkerMirroredStrategy',
    package: 'tensorflow',
    from: '0',
    below: '2.4',
    fails: 'there is no tf.distribute.MultiWorkerMirroredStrategy outside tf.distribute.experimental',
    remedy: 'ask for tensorflow>=2.4,<2.16',
    note: 'Below 2.16 because of the entry for Keras 3.',
    source: 'tensorflow wheels 2.3.0, 2.4.0',
  },
  {
    api: 'tf.distribute.TPUStrategy',
    package: 'tensorflow',
    from: '0',
    below: '2.3',
    fails: 'there is no tf.distribute.TPUStrategy outside tf.distribute.experimental',
    remedy: 'ask for tensorflow>=2.3',
    note: 'It left experimental in 2.3.',
    source: 'tensorflow wheels 2.2.0, 2.3.0',
  },
  {
    api: 'Strategy.run',
    package: 'tensorflow',
    from: '0',
    below: '2.2',
    fails: 'a strategy has no method run',
    remedy: 'ask for tensorflow>=2.2',
    note: 'Up to 2.1 it is experimental_run_v2.',
    source: 'tensorflow wheels 2.1.0, 2.2.0',
  },
];

/** The first release of TensorFlow whose `tf.keras` is Keras 3. */
export const FIRST_TENSORFLOW_WITH_KERAS_3 = '2.16';
