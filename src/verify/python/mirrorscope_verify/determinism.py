"""Gives the old and the new script the same initial weights and the same data.

Both scripts build the same layers in the same order, but other code draws random numbers in between,
and that code differs. So the seeds of initial weights come from a separate counter. Layers that draw
random numbers in a training step are disabled, because the result would depend on how the batch is
split.
"""
import importlib
import random

import numpy


class SeedCounter:
    """Supplies a seed for each weight that has none, in the order of creation."""

    def __init__(self, seed):
        self.first = seed
        self.next = seed

    def restart(self):
        self.next = self.first

    def draw(self):
        self.next += 1
        return self.next


def restart_seeds(seed, tf, counter):
    """Resets every random generator before a script."""
    counter.restart()
    random.seed(seed)
    numpy.random.seed(seed)
    tf.random.set_seed(seed)


def install_numpy_seed(seed):
    """Seeds ``numpy.random.default_rng()``, which would otherwise differ from run to run."""
    original = numpy.random.default_rng

    def default_rng(seed_given=None):
        return original(seed if seed_given is None else seed_given)

    numpy.random.default_rng = default_rng


RANDOM_LAYERS = ("Dropout", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D",
                 "GaussianDropout", "GaussianNoise", "AlphaDropout")


def _disable_random_layers(keras):
    for name in RANDOM_LAYERS:
        getattr(keras.layers, name).call = lambda self, inputs, training=None: inputs


def install(flavour, counter):
    """Makes one Keras deterministic: seeds its weights from the counter and disables random layers."""
    if flavour.name == "keras3":
        _install_keras3(flavour.keras, flavour.trainer, counter)
    else:
        _install_keras2(flavour.keras, counter)


def _install_keras3(keras, trainer, counter):
    from keras.src import backend
    from keras.src.random import seed_generator

    # The two scripts create random generators at different times, but weights in the same order.
    others = SeedCounter(counter.first)
    backend.random.make_default_seed = counter.draw
    seed_generator.make_default_seed = others.draw
    backend.random.dropout = lambda inputs, *_, **__: inputs
    _disable_random_layers(keras)
    _build_without_drawing(keras, trainer)


def _build_without_drawing(keras, trainer):
    """Makes Keras 3 read shapes from the description of a data set.

    Under a strategy, Keras 3 would take batches from the data to learn their shapes, and discard
    them. A Python generator or a shuffled data set would then train on different examples than
    without a strategy.
    """
    original = trainer._maybe_symbolic_build

    def symbolic_batch(spec):
        spec = getattr(spec, "_value_specs", [spec])[0]
        if not hasattr(spec, "dtype"):
            return None
        return keras.KerasTensor(tuple(spec.shape), dtype=spec.dtype.name)

    def maybe_symbolic_build(self, iterator=None, data_batch=None):
        dataset = getattr(iterator, "_distributed_dataset", None)
        if self._distribute_strategy is not None and dataset is not None:
            try:
                data_batch = keras.tree.map_structure(symbolic_batch, dataset.element_spec)
                iterator = None
            except (AttributeError, TypeError, ValueError):
                data_batch = None  # The rank is unknown, so Keras has to look at the data.
        return original(self, iterator=iterator, data_batch=data_batch)

    trainer._maybe_symbolic_build = maybe_symbolic_build


def _install_keras2(keras, counter):
    backend = importlib.import_module(keras.__name__ + ".src.backend")

    def create_seed(self, user_specified_seed):
        return counter.draw() if user_specified_seed is None else user_specified_seed

    backend.RandomGenerator._create_seed = create_seed
    backend.RandomGenerator.dropout = lambda self, inputs, *_, **__: inputs
    _disable_random_layers(keras)


def install_batch_copies(tf):
    """Gives TensorFlow a copy of each array that a Python generator yields.

    TensorFlow would reuse the memory of the array and compute in place: after `yield x, x`, the
    sliced input would overwrite its own target.
    """
    original = tf.data.Dataset.from_generator

    def own(element):
        return tf.nest.map_structure(
            lambda leaf: leaf.copy() if isinstance(leaf, numpy.ndarray) else leaf, element)

    def from_generator(generator, *args, **kwargs):
        def owned(*generator_args):
            for element in generator(*generator_args):
                yield own(element)

        return original(owned, *args, **kwargs)

    tf.data.Dataset.from_generator = staticmethod(from_generator)
