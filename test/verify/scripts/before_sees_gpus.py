"""Checks what an old script sees of the machine and of Keras 2. Fails if something is wrong."""
import os
import subprocess

import tensorflow as tf
from tensorflow.python.client import device_lib

assert [d.name for d in tf.config.list_physical_devices('GPU')] == ['/physical_device:GPU:0', '/physical_device:GPU:1']
assert len(tf.config.experimental.list_physical_devices('GPU')) == 2
assert [d.device_type for d in tf.config.list_physical_devices()] == ['CPU', 'GPU', 'GPU']
for gpu in tf.config.list_physical_devices('GPU'):
    tf.config.experimental.set_memory_growth(gpu, True)
tf.config.set_visible_devices(tf.config.list_physical_devices('GPU')[:1], 'GPU')
assert [d.name for d in device_lib.list_local_devices() if d.device_type == 'GPU'] == ['/device:GPU:0', '/device:GPU:1']
assert tf.test.is_gpu_available()
assert os.environ['CUDA_VISIBLE_DEVICES'].split(',') == ['0', '1']

with tf.device('/gpu:1'):
    assert tf.constant(1.0).device.endswith('CPU:1')
with tf.device('/device:GPU:0'):
    assert tf.constant(1.0).device.endswith('CPU:0')
with tf.device('/job:localhost/replica:0/task:0/device:GPU:1'):
    assert tf.constant(1.0).device.endswith('CPU:1')
with tf.device('cpu:0'):
    assert tf.constant(1.0).device.endswith('CPU:0')
with tf.device(None):
    tf.constant(1.0)

for strategy in (tf.distribute.MirroredStrategy(), tf.distribute.MirroredStrategy(['/gpu:0', '/gpu:1']),
                 tf.distribute.MirroredStrategy(['GPU:0', 'GPU:1'], tf.distribute.NcclAllReduce()),
                 tf.contrib.distribute.MirroredStrategy(num_gpus=2)):
    assert strategy.num_replicas_in_sync == 2
    assert [d.split('device:')[1] for d in strategy.extended.worker_devices] == ['CPU:0', 'CPU:1']
assert tf.distribute.MirroredStrategy().experimental_run_v2(lambda: tf.constant(1)) is not None

import keras
from keras import backend as K
assert K.tensorflow_backend._get_available_gpus() == ['/device:GPU:0', '/device:GPU:1']

import keras.utils.multi_gpu_utils
import keras.utils.training_utils
import tensorflow.keras.utils
import tensorflow.keras.utils.multi_gpu_utils
import tensorflow.python.keras.utils.multi_gpu_utils
from keras.utils import multi_gpu_model
from keras.utils.training_utils import multi_gpu_model as second
from tensorflow.keras.utils import multi_gpu_model as third
from tensorflow.python.keras.utils.multi_gpu_utils import multi_gpu_model as fourth
assert multi_gpu_model is second is third is fourth is tf.keras.utils.multi_gpu_model is keras.utils.multi_gpu_model

from keras.engine import Layer
from keras.engine.topology import InputSpec
from keras.layers.advanced_activations import LeakyReLU
from keras.layers.convolutional import Conv2D
from keras.layers.core import Dense, Dropout
from keras.layers.embeddings import Embedding
from keras.layers.merge import concatenate
from keras.layers.normalization import BatchNormalization
from keras.layers.recurrent import LSTM
from keras.preprocessing.image import ImageDataGenerator
from keras.utils.np_utils import to_categorical
from keras.utils.vis_utils import plot_model
assert Dense is keras.layers.Dense is tf.keras.layers.Dense

optimizer = keras.optimizers.Adam(lr=0.25)
assert float(K.get_value(optimizer.lr)) == 0.25
K.set_value(optimizer.lr, 0.5)
assert float(optimizer.learning_rate) == 0.5
