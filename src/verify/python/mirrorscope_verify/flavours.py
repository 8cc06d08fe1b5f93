"""The Keras implementations that can be imported here, and where each keeps its training loop."""
import importlib


class Flavour:
    """One Keras: its public module, the class that has ``fit``, and the base of its optimizers."""

    def __init__(self, name, keras, trainer, optimizers):
        self.name = name
        self.keras = keras
        self.trainer = trainer
        self.optimizers = optimizers


def find_flavours():
    """Keras 3 and the continued Keras 2 (`tf_keras`), as far as they are installed."""
    found = []
    for find in (_keras3, _tf_keras):
        flavour = find()
        if flavour is not None:
            found.append(flavour)
    return found


def _keras3():
    try:
        keras = importlib.import_module("keras")
    except ImportError:
        return None
    if not keras.__version__.startswith("3"):
        return _keras2("keras", keras)
    trainer = importlib.import_module("keras.src.backend.tensorflow.trainer").TensorFlowTrainer
    base = importlib.import_module("keras.src.optimizers.base_optimizer").BaseOptimizer
    return Flavour("keras3", keras, trainer, [base])


def _tf_keras():
    try:
        tf_keras = importlib.import_module("tf_keras")
    except ImportError:
        return None
    return _keras2("tf_keras", tf_keras)


def _keras2(name, keras):
    # Its optimizers take `lr` themselves.
    return Flavour(name, keras, keras.Model, [])


def flavour_of_model(flavours):
    """A function from a model to the Keras module that it was built with."""

    def find(model):
        for flavour in flavours:
            if isinstance(model, flavour.keras.Model):
                return flavour.keras
        return flavours[0].keras

    return find
