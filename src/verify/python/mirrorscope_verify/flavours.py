"""The Keras implementations that a script may import, and where each keeps its training loop."""
import importlib


class Flavour:
    """One Keras: its public module, its class with ``fit``, and its optimizers without ``lr``."""

    def __init__(self, name, keras, trainer, optimizers):
        self.name = name
        self.keras = keras
        self.trainer = trainer
        self.optimizers = optimizers


def keras3_flavour():
    """The `keras` package, from version 3 on; ``None`` if it is missing or older."""
    try:
        keras = importlib.import_module("keras")
    except ImportError:
        return None
    if int(keras.__version__.split(".")[0]) < 3:
        return None
    trainer = importlib.import_module("keras.src.backend.tensorflow.trainer").TensorFlowTrainer
    optimizer = importlib.import_module("keras.src.optimizers.base_optimizer").BaseOptimizer
    return Flavour("keras3", keras, trainer, [optimizer])


def tf_keras_flavour(tf_keras):
    """Keras 2, which continues under the name `tf_keras`."""
    base = tf_keras.optimizers.Optimizer
    # Each optimizer sets its own rate after its base class has dropped `lr` with a warning.
    optimizers = [value for value in vars(tf_keras.optimizers).values()
                  if isinstance(value, type) and issubclass(value, base) and "__init__" in vars(value)]
    return Flavour("tf_keras", tf_keras, tf_keras.Model, optimizers)


def flavour_of_model(flavours):
    """Returns a function that finds the Keras module with which a model was built."""

    def find(model):
        for flavour in flavours:
            if isinstance(model, flavour.keras.Model):
                return flavour.keras
        return flavours[0].keras

    return find
