"""The models of the strategy goldens, one of each kind that a strategy must train; their twins are in test/runtime/support/strategy-goldens.ts."""
import zlib

import numpy as np
import tensorflow as tf

keras = tf.keras
layers = keras.layers

ROWS, BATCH, EPOCHS = 24, 12, 3


class ScaleAndShift(layers.Layer):
    """Scales by a weight of its own and adds the mean of the features."""

    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), initializer="ones", regularizer=keras.regularizers.L2(0.01), name="scale")

    def call(self, inputs):
        return inputs * self.scale + keras.ops.mean(inputs, axis=-1, keepdims=True)


class DenseGradientEmbedding(layers.Embedding):
    """An embedding whose gradient is a tensor, as in TensorFlow.js. Keras 3's optimizers leave alone the rows of words that a batch does not have."""

    def call(self, inputs):
        return tf.matmul(tf.one_hot(tf.cast(inputs, "int32"), self.input_dim), self.embeddings)


def custom_loss(target, output):
    """Mean absolute error raised to 1.5, an example each."""
    return keras.ops.mean(keras.ops.power(keras.ops.abs(target - output) + 0.1, 1.5), axis=-1)


def classifier(*stack):
    return keras.Sequential([*stack, layers.Dense(3, activation="softmax")]), "categorical_crossentropy"


def dense(_):
    return classifier(keras.Input((5,)), layers.Dense(8, activation="tanh"))


def conv(_):
    return classifier(keras.Input((6, 6, 2)), layers.Conv2D(3, 3, activation="relu"), layers.MaxPooling2D(2), layers.Flatten())


# Without a bias, whose gradient would be 0 but for rounding: optimizers that divide by its size make steps of it.
def batch_norm(_):
    return classifier(keras.Input((5,)), layers.Dense(6, use_bias=False), layers.BatchNormalization(momentum=0.8), layers.Activation("tanh"))


def sync_batch_norm(_):
    return classifier(keras.Input((5,)), layers.Dense(6, use_bias=False), layers.BatchNormalization(momentum=0.8, synchronized=True), layers.Activation("tanh"))


def embedding(_):
    return classifier(keras.Input((5,)), DenseGradientEmbedding(20, 4), layers.GlobalAveragePooling1D())


def lstm(_):
    return classifier(keras.Input((3, 2)), layers.LSTM(4, recurrent_activation="sigmoid"))


def stateful_lstm(rows):
    return classifier(keras.Input(batch_shape=(rows, 3, 2)), layers.LSTM(3, stateful=True, recurrent_activation="sigmoid"))


def functional(_):
    left, right = keras.Input((3,)), keras.Input((2,))
    hidden = layers.Dense(5, activation="tanh")(layers.Concatenate()([left, right]))
    outputs = [layers.Dense(1)(hidden), layers.Dense(3, activation="softmax")(hidden)]
    return keras.Model([left, right], outputs), ["mean_squared_error", "categorical_crossentropy"]


def custom_layer(_):
    return keras.Sequential([keras.Input((3,)), layers.Dense(4), ScaleAndShift(), layers.Dense(1)]), "mean_squared_error"


def custom_loss_model(_):
    return keras.Sequential([keras.Input((3,)), layers.Dense(2)]), custom_loss


def draw(name):
    """A generator of its own for each model: every process draws the same."""
    return np.random.default_rng(zlib.crc32(name.encode()))


def numbers(random, *shape):
    return random.standard_normal((ROWS,) + shape).astype("float32")


def classes():
    return np.eye(3, dtype="float32")[np.arange(ROWS) * 7 % 3]


# These take batches of one size only.
FIXED_BATCH = {"stateful-lstm"}
# name: (how to build it, given a replica's rows of a batch; its inputs; its targets)
MODELS = {
    "dense": (dense, lambda random: [numbers(random, 5)], lambda random: [classes()]),
    "conv": (conv, lambda random: [numbers(random, 6, 6, 2)], lambda random: [classes()]),
    "batch-norm": (batch_norm, lambda random: [numbers(random, 5)], lambda random: [classes()]),
    "sync-batch-norm": (sync_batch_norm, lambda random: [numbers(random, 5)], lambda random: [classes()]),
    "embedding": (embedding, lambda random: [random.integers(0, 20, (ROWS, 5)).astype("int32")], lambda random: [classes()]),
    "lstm": (lstm, lambda random: [numbers(random, 3, 2)], lambda random: [classes()]),
    "stateful-lstm": (stateful_lstm, lambda random: [numbers(random, 3, 2)], lambda random: [classes()]),
    "functional": (functional, lambda random: [numbers(random, 3), numbers(random, 2)], lambda random: [numbers(random, 1), classes()]),
    "custom-layer": (custom_layer, lambda random: [numbers(random, 3)], lambda random: [numbers(random, 1)]),
    "custom-loss": (custom_loss_model, lambda random: [numbers(random, 3)], lambda random: [numbers(random, 2)]),
}
