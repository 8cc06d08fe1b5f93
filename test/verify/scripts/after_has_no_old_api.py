"""A migrated script must not find APIs that its users do not have."""
import importlib

import keras
import tensorflow as tf

for name in ('keras.utils.multi_gpu_utils', 'keras.utils.training_utils', 'keras.layers.core', 'keras.utils.np_utils',
             'tensorflow.keras.utils.multi_gpu_utils', 'tensorflow.contrib'):
    try:
        importlib.import_module(name)
    except ImportError:
        continue
    raise AssertionError(name)
assert not hasattr(keras.utils, 'multi_gpu_model') and not hasattr(tf.keras.utils, 'multi_gpu_model')
assert not hasattr(keras.Model, 'fit_generator')
try:
    keras.optimizers.Adam(lr=0.1)
except ValueError:
    pass
else:
    raise AssertionError('lr')
assert tf.distribute.MirroredStrategy().num_replicas_in_sync == 2
