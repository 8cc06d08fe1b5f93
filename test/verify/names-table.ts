/** Programs, and what the installed packages lack of what they use. Data only. */

/** A title, a program, and the messages about it without version numbers. */
export const MISSING_NAMES: readonly (readonly [title: string, text: string, ...messages: string[]])[] = [
  [
    'names that moved inside TensorFlow',
    'import tensorflow as tf\ntf.log(1.0)\ntf.Session()\nx = tf.contrib.layers.flatten\n',
    '2:1 TensorFlow has no `tensorflow.log`. Use tf.math.log.',
    '3:1 TensorFlow has no `tensorflow.Session`. Use tf.compat.v1.Session.',
    '4:5 TensorFlow has no `tensorflow.contrib`.',
  ],
  [
    'an imported name, and a module',
    'from keras.layers import Dense, Merge\nfrom keras.layers.normalization import BatchNormalization\n',
    '1:33 Keras has no `keras.layers.Merge`.',
    '2:40 Keras has no `keras.layers.normalization`. Use keras.layers.BatchNormalization.',
  ],
  [
    'a name inside a function, under an alias',
    'from keras import backend as K\ndef f():\n    return K.get_session().run(1)\n',
    '3:12 Keras has no `keras.backend.get_session`.',
  ],
  [
    'arguments',
    'from keras.layers import Dense\nfrom keras.callbacks import ModelCheckpoint\nDense(output_dim=4, input_dim=3)\nModelCheckpoint("x", period=2)\n',
    '3:7 `keras.layers.Dense` takes no argument `output_dim`. Use units.',
    '4:22 `keras.callbacks.ModelCheckpoint` takes no argument `period`. Use save_freq.',
  ],
  [
    'an argument of a function',
    'import tensorflow as tf\ntf.reduce_sum([1], keep_dims=True)\n',
    '2:20 `tensorflow.reduce_sum` takes no argument `keep_dims`. Use keepdims.',
  ],
  [
    'methods of models',
    'from keras.models import Sequential, Model\nm = Sequential()\nm.fit_generator(1)\nclass A:\n    def __init__(self):\n        self.net = Model(1, 2)\n    def go(self):\n        self.net.predict_classes(1)\n',
    '3:1 Objects of Sequential (Keras) have no `fit_generator`. Use fit.',
    '8:9 Objects of Model (Keras) have no `predict_classes`. Use predict, and numpy.argmax of its result.',
  ],
  [
    'arguments of methods',
    'from keras.models import Sequential\nSequential().fit(1, 2, nb_epoch=3)\n',
    '2:24 `Sequential.fit` takes no argument `nb_epoch`. Use epochs.',
  ],
  [
    'aliases that NumPy removed',
    'import numpy as np\nx = np.zeros(3, dtype=np.int)\n',
    '2:23 NumPy has no `numpy.int`. Use int.',
  ],
  [
    'an import that fails in both arms',
    'try:\n    from keras.one import A\nexcept ImportError:\n    from keras.two import A\n',
    '4:27 Keras has no `keras.two`.',
  ],
  [
    'a name that no star import brings',
    'from keras.layers import *\nDense(1)\nMerge()\n',
    '3:1 No import brings `Merge`: keras.layers does not export it.',
  ],
];

/** Programs of which nothing may be said. */
export const PRESENT_NAMES: readonly (readonly [title: string, text: string])[] = [
  [
    'what exists',
    'import tensorflow as tf\nfrom tensorflow.keras.layers import Dense\ntf.math.log(1.0)\nDense(4, input_shape=(3,))\n',
  ],
  [
    'arguments that a base class takes',
    'from keras.layers import Dense, LSTM\nDense(4, name="a", dtype="float32", input_dim=3)\nLSTM(4, go_backwards=True, input_shape=(2, 3))\n',
  ],
  [
    'imports that are tried',
    'try:\n    from keras.utils import multi_gpu_model\nexcept ImportError:\n    multi_gpu_model = None\nif multi_gpu_model:\n    multi_gpu_model(1)\n',
  ],
  [
    'an import with a working alternative',
    'try:\n    from keras.layers.normalization import BatchNormalization\nexcept ImportError:\n    from keras.layers import BatchNormalization\nBatchNormalization()\n',
  ],
  [
    'an import that is tried under another name',
    'try:\n    import keras.backend.tensorflow_backend as K\nexcept:\n    K = None\n',
  ],
  [
    'code for another version',
    'import tensorflow as tf\nif tf.__version__ < "2":\n    tf.Session()\nif hasattr(tf, "log"):\n    tf.log(1)\nx = tf.log if hasattr(tf, "log") else tf.math.log\n',
  ],
  [
    'code for another backend',
    'from keras import backend as K\nif K.backend() == "theano":\n    K.set_image_dim_ordering("th")\n',
  ],
  [
    'what the program sets itself',
    'import numpy as np\nimport keras\nnp.float = float\nnp.float(1)\nm = keras.Model()\nm.extra = 1\nm.extra\n',
  ],
  [
    'a name that means something else here',
    'import tensorflow as tf\ndef f(tf):\n    return tf.log(1)\ndef g():\n    tf = object()\n    return tf.log\n[tf.log for tf in []]\n',
  ],
  [
    'a variable that may be something else',
    'from keras.models import Sequential\nimport other\nm = Sequential()\nm = other.wrap(m)\nm.fit_generator(1)\n',
  ],
  [
    'attributes that constructors set',
    'import keras\nm = keras.Model(1, 2)\nm.stop_training = True\nm.optimizer\nm.operations\n',
  ],
  [
    'modules that are imported when they are used',
    'import tensorflow as tf\ntf.keras.applications.resnet50.ResNet50\ntf.keras.preprocessing.image.load_img\n',
  ],
  [
    'names of modules that are not installed',
    'import keras_contrib\nfrom keras_contrib.layers import Anything\nkeras_contrib.losses.other(1)\n',
  ],
  ['names of the project behind a star import', 'from keras.layers import *\nfrom mine import *\nMerge()\n'],
  ['built-in names behind a star import', 'from keras.layers import *\nprint(range(3), xrange(3))\n'],
  [
    'tests of what fails',
    'import unittest, keras\nclass T(unittest.TestCase):\n    def test(self):\n        with self.assertRaises(TypeError):\n            keras.layers.Dense(wrong=1)\n',
  ],
  ['arguments that are spread', 'from keras.layers import Dense\noptions = {}\nDense(4, **options)\nDense(*[4])\n'],
  ['relative imports', 'from . import layers\nfrom .keras import nothing\nlayers.Merge\n'],
  ['a program that does not parse', 'import tensorflow as tf\nprint tf.log\n'],
];
